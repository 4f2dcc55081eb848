import Foundation
import Testing

/// `make install` and `make uninstall`.
@Suite struct InstallTests {
  @Test("what is installed works, is documented, and goes")
  func install() throws {
    let folder = Folder()
    let to = ["DESTDIR=\(folder.path("stage"))", "PREFIX=/usr"]
    let made = try Snnc.launch(
      "/usr/bin/make",
      ["-s", "-C", Snnc.root.path, "install", "PROGRAM=\(Snnc.program.path)"] + to, in: folder)
    // `make build` builds the generator of manual pages, which `swift test` alone does not.
    try #require(made.status == 0, "\(made.output)\(made.errors)")
    let usr = folder.path("stage/usr")
    let version = try Snnc.launch("\(usr)/bin/snnc", ["--version"], in: folder)
    #expect(version.output == "0.1.0\n")

    for help in HelpText.subcommands {
      let page = try String(
        contentsOfFile: "\(usr)/share/man/man1/snnc-\(help.commandName).1", encoding: .utf8)
      #expect(page.contains(".Dt SNNC-\(help.commandName.uppercased()) 1\n"))
      #expect(page.contains("\n.Sh OPTIONS\n"))
      for example in help.examples {
        #expect(page.contains(example) || page.contains("\\"), "\(example)")
      }
      for flag in help.flags { #expect(page.contains("Fl \(flag.dropFirst())"), "\(flag)") }
      #expect(!page.contains("snnc."), "pages are named snnc-\(help.commandName)")
    }
    let overview = try String(contentsOfFile: "\(usr)/share/man/man1/snnc.1", encoding: .utf8)
    #expect(overview.contains(".Xr snnc-emit 1") && overview.contains("Exit status: 0 done"))

    for (path, words) in [
      ("bash-completion/completions/snnc", "complete -o filenames -F _snnc snnc"),
      ("zsh/site-functions/_snnc", "#compdef snnc"),
      ("fish/vendor_completions.d/snnc.fish", "check-certificate"),
    ] {
      let script = try String(contentsOfFile: "\(usr)/share/\(path)", encoding: .utf8)
      #expect(script.contains(words), "\(path)")
    }

    let gone = try Snnc.launch(
      "/usr/bin/make", ["-s", "-C", Snnc.root.path, "uninstall"] + to, in: folder)
    #expect(gone.status == 0, "\(gone.errors)")
    let left = FileManager.default.enumerator(atPath: usr)?.compactMap { $0 as? String } ?? []
    #expect(left.allSatisfy { !$0.contains("snnc") }, "\(left)")
  }

  @Test("bash completes commands, options and files")
  func completions() throws {
    let folder = Folder()
    let script = try Snnc.run("--generate-completion-script", "bash", in: folder)
    try Data(script.output.utf8).write(to: folder.url.appending(path: "snnc.bash"))
    try Data().write(to: folder.url.appending(path: "model.snn"))
    for (line, found) in [
      ("snnc merge", "merge-results"), ("snnc verify --spike", "--spike-driven"),
      ("snnc emit --target s", "sim"), ("snnc print mod", "model.snn"),
      ("snnc families qk", "qkformer"), ("snnc explain spike-driven-r", "spike-driven-r2"),
    ] {
      let words = line.split(separator: " ").map { "'\($0)'" }.joined(separator: " ")
      let ended = try Snnc.launch(
        "/bin/bash",
        [
          "-c",
          """
          . ./snnc.bash
          COMP_WORDS=(\(words)) COMP_LINE='\(line)' COMP_POINT=\(line.count)
          COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
          compopt() { :; }
          _snnc snnc "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
          printf '%s\\n' "${COMPREPLY[@]}"
          """,
        ], in: folder)
      #expect(
        ended.output.split(separator: "\n").contains(Substring(found)),
        "\(line): \(ended.output)\(ended.errors)")
    }
  }
}
