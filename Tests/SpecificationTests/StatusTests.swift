import Testing

/// `status.md` says of each op what is there: found out, not asserted.
@Suite struct StatusTests {
  @Test func thePageIsWhatWasFound() throws {
    try Specification.expect("status.md", toBe: StatusPage.text())
  }

  @Test func everyOpIsThereAsAWhole() throws {
    for row in try StatusPage.rows() {
      #expect(row.missing.isEmpty, "\(row.mnemonic)")
    }
  }
}
