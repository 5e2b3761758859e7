import Enishi
import Foundation
import Testing

/// What crosses over, as Swift has it.
struct ValuesTests {
  @Test("an id is read and written as it stands on the wire, and no other kind is taken for it")
  func ids() throws {
    let text = "0197a3c2-7f10-7abc-8def-0123456789ab"
    let id = try PostId(text: text)
    #expect("\(id)" == text)
    let written = try JSONEncoder().encode([id])
    #expect(String(decoding: written, as: UTF8.self) == "[\"\(text)\"]")
    let read = try JSONDecoder().decode([PostId].self, from: written)
    #expect(read == [id])
    #expect(throws: NotAnId.self) { try PostId(text: "17") }
    #expect(Position(3) < Position(4))
  }

  @Test("a time keeps its microseconds")
  func times() {
    let person = PersonName(family: "退職", given: "花子")
    for microseconds: Int64 in [0, 1, 1_795_000_000_123_456, 4_102_444_800_999_999] {
      let request = JoinRequest(
        member: MemberId(UUID()), name: person, invitedBy: nil, note: "", atUs: microseconds, vouchedBy: [])
      #expect(request.at.microseconds == microseconds)
    }
  }

  @Test("every code has words in both languages, and a name")
  func words() {
    let refused = EnishiError.Rejected(code: .textTooLong)
    #expect(refused.stableCode == "text_too_long")
    #expect(refused.words(in: .ja) != refused.words(in: .en))
    #expect(EnishiError.SignedOut.stableCode == "signed_out")
    #expect(EnishiError.Internal(detail: "").stableCode == "internal")
    #expect(EnishiError.Offline.words(in: .ja) == nil)
  }
}
