import SnncCommands

@main
enum Snnc {
  static func main() {
    Program.main()
  }
}
