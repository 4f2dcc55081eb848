import ArgumentParser
import SnncCommands

@main
enum Snnc {
  static func main() {
    SnncCommand.main()
  }
}
