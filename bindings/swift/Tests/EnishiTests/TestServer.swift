import Foundation

/// A leaver in the registry.
struct Leaver: Sendable {
  let number: String
  let family: String
  let given: String
  let born: String
}

/// The real server as a process of its own, with its data in a folder that is gone with it.
final class TestServer: @unchecked Sendable {
  /// The address of whoever runs the community.
  static let owner = "hr@example.jp"

  /// One server for all tests that leave it running; it ends with this process.
  static let shared = Task { try await TestServer() }

  /// Its one community.
  private(set) var community = ""

  private let folder = temporaryFolder("server")
  private let lock = NSLock()
  private var listen = "127.0.0.1:0"
  private var process: Process?
  private var read: Set<String> = []
  private var left = (1...30).map { number in
    let day = String(format: "%02d", number)
    return Leaver(number: "17-000\(day)", family: "退職", given: "花子\(number)", born: "1980-01-\(day)")
  }

  init() async throws {
    let owner = ["--owner-address", Self.owner, "--owner-name", "人事 太郎"]
    community = try await command(["community", "create", "--name", "縁商事"] + owner)
    let rows = left.map { "\($0.number),\($0.family) \($0.given),\($0.born),2024-03-31\n" }
    let registry = folder.appendingPathComponent("leavers.csv")
    try Data(("社員番号,氏名,生年月日,退職年月日\n" + rows.joined()).utf8).write(to: registry)
    _ = try await command(["registry", "import", "--community", community, "--file", registry.path])
    try await start()
  }

  /// What phones call it.
  var url: String { lock.withLock { "http://\(listen)" } }

  /// A leaver whom nobody has invited yet.
  func leaver() -> Leaver { lock.withLock { left.removeFirst() } }

  /// The link of an invitation for a leaver.
  func invitation(for leaver: Leaver) async throws -> String {
    let whom = ["--employee-number", leaver.number, "--public-url", url]
    return try await command(["invite", "--community", community] + whom)
  }

  /// Runs a command of the server's program, and returns what it printed.
  func command(_ arguments: [String]) async throws -> String {
    let (command, log) = (try program(arguments, log: "command.log"), folder.appendingPathComponent("command.log"))
    return try await elsewhere {
      let printed = Pipe()
      command.standardOutput = printed
      try command.run()
      let said = printed.fileHandleForReading.readDataToEndOfFile()
      command.waitUntilExit()
      guard command.terminationStatus == 0 else {
        throw Broken("\(arguments): \(try String(contentsOf: log, encoding: .utf8))")
      }
      return String(decoding: said, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
  }

  /// Starts it; later starts take the same port.
  func start() async throws {
    let server = try program(["serve", "--listen", lock.withLock { listen }], log: "server.log")
    let log = folder.appendingPathComponent("server.log")
    let said = try await elsewhere {
      let printed = Pipe()
      server.standardOutput = printed
      try server.run()
      guard let line = firstLines(1, of: printed.fileHandleForReading).first else {
        throw Broken(try String(contentsOf: log, encoding: .utf8))
      }
      return line
    }
    endWithThisProcess(server, folder)
    lock.withLock {
      process = server
      listen = said.split(separator: "/").last.map(String.init) ?? ""
    }
  }

  /// Kills it, as a power cut would.
  func kill() async throws {
    guard let server = lock.withLock({ process }) else { return }
    try await killed(server)
    lock.withLock { process = nil }
  }

  /// The code in the newest mail to an address that was not read before.
  func code(for address: String) async throws -> String {
    let folder = folder.appendingPathComponent("data/mail")
    while true {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
      for name in names.filter({ $0.hasSuffix(".eml") }).sorted(by: >) {
        let mail = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
        let parts = mail.components(separatedBy: "\r\n\r\n")
        let theirs = parts[0].components(separatedBy: "\r\n").contains { $0.hasPrefix("To:") && $0.contains(address) }
        let lines = parts.dropFirst().joined(separator: "\n").split(whereSeparator: \.isNewline)
        let code = lines.first { $0.count == 6 && $0.allSatisfy(\.isNumber) }
        if theirs, let code, lock.withLock({ read.insert(name).inserted }) {
          return String(code)
        }
      }
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  /// Ends it, and all that it stored.
  func end() async throws {
    try await kill()
    try FileManager.default.removeItem(at: folder)
  }

  private func program(_ arguments: [String], log: String) throws -> Process {
    let program = Process()
    program.executableURL = URL(fileURLWithPath: try setting("ENISHI_TEST_PROGRAM"))
    program.arguments = arguments
    var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("ENISHI_") }
    environment["ENISHI_DATA"] = folder.appendingPathComponent("data").path
    program.environment = environment
    let path = folder.appendingPathComponent(log).path
    if !FileManager.default.fileExists(atPath: path) {
      _ = FileManager.default.createFile(atPath: path, contents: nil)
    }
    let file = FileHandle(forWritingAtPath: path)
    try file?.seekToEnd()
    program.standardError = file
    return program
  }
}
