import ArgumentParser

/// The table of gestures of a recording, of commands that take one.
struct EventLabelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "When the gestures of a recording of events were; without it RECORDING_labels.csv, if it is there.",
      valueName: "file.csv"),
    completion: .file(extensions: ["csv"]))
  var eventLabels: String?
}
