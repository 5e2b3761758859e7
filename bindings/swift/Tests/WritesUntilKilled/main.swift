// An app that is killed while it writes: it posts without a network until then, and says of each post that it is safe.
import Enishi
import Foundation

let folder = CommandLine.arguments[1]
let options = ClientOptions(dataDir: folder, language: .ja, online: false)
let client = try await Client.open(options: options, secrets: fileSecretStore(path: "\(folder)/secrets"))
let community = try await client.community(
  account: AccountKey(text: CommandLine.arguments[2]),
  community: CommunityId(text: CommandLine.arguments[3])
)
var number = 0
while true {
  let post = try await community.writePost(stream: .community, kind: .text, text: "投稿 \(number)", mentions: [])
  FileHandle.standardOutput.write(Data("\(post)\n".utf8))
  number += 1
}
