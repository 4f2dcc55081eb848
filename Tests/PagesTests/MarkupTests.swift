import Pages
import Reports
import Testing

/// Text from a file cannot become markup.
@Suite struct MarkupTests {
  static func text(_ element: Element) -> String { Markup.element(element).text }

  @Test func elementsAreWrittenWithTheirAttributesInOrder() {
    let element = Element("p", ["id": "a", "class": nil, "lang": "en"]) {
      "1 "
      Element("b") { "2" }
      for number in 3...4 { " \(number)" }
    }
    #expect(Self.text(element) == #"<p id="a" lang="en">1 <b>2</b> 3 4</p>"#)
  }

  @Test func emptyElementsEndAsTheirLanguageWantsIt() {
    #expect(Self.text(Element("meta", ["charset": "utf-8"])) == #"<meta charset="utf-8">"#)
    #expect(Self.text(Element("rect", ["x": "1"])) == #"<rect x="1"/>"#)
    #expect(Self.text(Element("div")) == "<div></div>")
  }

  @Test(arguments: [
    ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
    (#"" onload="x"#, "&quot; onload=&quot;x"), ("' & '", "&#39; &amp; &#39;"),
    ("a\u{0}b\u{1B}[31m\n", #"a\x00b\x1B[31m\x0A"#), ("\u{202E}abc", #"\xE2\x80\xAEabc"#),
    ("h\u{E9}llo 脳", "h\u{E9}llo 脳"), ("]]>-->", "]]&gt;--&gt;"),
  ])
  func textAndValuesAreEscaped(_ text: String, _ escaped: String) {
    #expect(
      Self.text(Element("p", ["title": text]) { text }) == "<p title=\"\(escaped)\">\(escaped)</p>")
  }

  @Test func numbersHaveTheirDigits() {
    #expect(fixedPoint(0.125, digits: 2) == "0.13")
    #expect(fixedPoint(-1234.5, digits: 1, grouping: true) == "-1,234.5")
    #expect(fixedPoint(-0.001, digits: 2) == "0.00")
    #expect(fixedPoint(7, digits: 0) == "7")
    #expect(magnitude(999) == "999")
    #expect(magnitude(12.5) == "12.50")
    #expect(magnitude(13_152_720_000) == "13.15 G")
    #expect(magnitude(999_999) == "1.00 M")
    #expect(shortened("block.0.attn.q_conv", to: 9) == "bloc…conv")
    #expect(shortened("head", to: 4) == "head")
  }
}
