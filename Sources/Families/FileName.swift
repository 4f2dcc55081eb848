/// A checkpoint's file name without its endings, as a witness to what is in it.
struct FileName: Sendable {
  /// The name.
  let text: String

  /// Its words, as they are written.
  let words: [String]

  /// Takes the words of `text`: its runs of letters and digits.
  init(_ text: String) {
    self.text = text
    words = text.split { !$0.isLetter && !$0.isNumber }.map(String.init)
  }

  /// The family of `candidates` that the name settles on: it holds the words of that one.
  ///
  /// `spikingformer-cml` has all words of `spikingformer`, so the longest name wins; and
  /// where `cml` is part of another word, no family without it is meant.
  func family(among candidates: [String]) -> String? {
    let words = Set(words.map { $0.lowercased() })
    let saysCML = text.lowercased().contains("cml")
    let matching = candidates.filter {
      words.isSuperset(of: $0.split(separator: "-").map(String.init))
        && (!saysCML || $0.contains("cml"))
    }
    return matching.max { $0.count < $1.count }
  }

  /// The one of `choices`, in capitals, that is a word of the name: `sew18_cnf_ADD`, and not
  /// `black-and-white`.
  func choice(of choices: [String]) -> String? {
    let named = choices.filter(words.contains)
    return named.count == 1 ? named[0] : nil
  }
}
