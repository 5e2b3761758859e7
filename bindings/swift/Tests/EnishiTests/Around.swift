import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a test stands on is not as it should be.
struct Broken: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// Something that must come to its end did not.
struct TooLate: Error {}

/// Does something that must come to its end. What does not is left behind, so that the test ends.
func inTime<Answer: Sendable>(_ work: @escaping @Sendable () async throws -> Answer) async throws -> Answer {
  try await withCheckedThrowingContinuation { waiting in
    let once = Once(waiting)
    let working = Task {
      do {
        once.answer(.success(try await work()))
      } catch {
        once.answer(.failure(error))
      }
    }
    let timing = Task {
      try await Task.sleep(for: .seconds(60))
      once.answer(.failure(TooLate()))
      working.cancel()
    }
    Task {
      _ = await working.result
      timing.cancel()
    }
  }
}

private final class Once<Answer: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var waiting: CheckedContinuation<Answer, any Error>?

  init(_ waiting: CheckedContinuation<Answer, any Error>) {
    self.waiting = waiting
  }

  func answer(_ answer: Result<Answer, any Error>) {
    let first = lock.withLock {
      defer { waiting = nil }
      return waiting
    }
    first?.resume(with: answer)
  }
}

/// Does what blocks, on a thread that nothing else waits for.
func elsewhere<Answer: Sendable>(_ work: @escaping @Sendable () throws -> Answer) async throws -> Answer {
  try await withCheckedThrowingContinuation { waiting in
    DispatchQueue.global().async { waiting.resume(with: Result { try work() }) }
  }
}

/// What whoever runs the tests says.
func setting(_ name: String) throws -> String {
  guard let value = ProcessInfo.processInfo.environment[name] else {
    throw Broken("\(name) is not set: `cargo xtask swift` runs the tests")
  }
  return value
}

/// A folder that nobody else has.
func temporaryFolder(_ name: String) -> URL {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("enishi-\(name)-\(UUID())")
  try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  return folder
}

/// Reads so many lines of what a process prints; fewer where it ends before.
func firstLines(_ count: Int, of file: FileHandle) -> [String] {
  var read = Data()
  while read.filter({ $0 == UInt8(ascii: "\n") }).count < count {
    let more = file.availableData
    if more.isEmpty {
      break
    }
    read.append(more)
  }
  return Array(String(decoding: read, as: UTF8.self).split(separator: "\n").map(String.init).prefix(count))
}

/// Kills a process, as a power cut would.
func killed(_ process: Process) async throws {
  kill(process.processIdentifier, SIGKILL)
  try await elsewhere { process.waitUntilExit() }
}

private final class Leftovers: @unchecked Sendable {
  private let lock = NSLock()
  private var all: [(Process, URL)] = []

  init() {
    atexit { leftovers.end() }
  }

  func add(_ process: Process, _ folder: URL) {
    lock.withLock { all.append((process, folder)) }
  }

  func end() {
    for (process, folder) in lock.withLock({ all }) {
      if process.isRunning {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
      }
      try? FileManager.default.removeItem(at: folder)
    }
  }
}

private let leftovers = Leftovers()

/// Takes care that nothing of it is left once this process has ended.
func endWithThisProcess(_ process: Process, _ folder: URL) {
  leftovers.add(process, folder)
}
