// swift-tools-version: 6.0
// The Swift package. `cargo xtask swift` puts it together under `target/swift/Enishi`: this manifest and what
// is written by hand, what is generated, and the library. Nothing can be built in this folder by itself.
import Foundation
import PackageDescription

let root = Context.packageDirectory

/// What is generated is what it is: it stays in the mode that it compiles in.
let generated: [SwiftSetting] = [.swiftLanguageMode(.v5), .unsafeFlags(["-suppress-warnings"])]
let written: [SwiftSetting] = [.unsafeFlags(["-warnings-as-errors"])]

/// On a Mac an XCFramework, made by `cargo xtask apple-libs`; elsewhere the archive beside the headers.
let library: Target =
  if FileManager.default.fileExists(atPath: "\(root)/Enishi.xcframework") {
    .binaryTarget(name: "EnishiFFI", path: "Enishi.xcframework")
  } else {
    .systemLibrary(name: "EnishiFFI")
  }

let package = Package(
  name: "Enishi",
  platforms: [.iOS(.v17), .macOS(.v14)],
  products: [.library(name: "Enishi", targets: ["Enishi"])],
  targets: [
    library,
    .target(name: "EnishiIds", swiftSettings: written),
    .target(
      name: "EnishiCore",
      dependencies: ["EnishiFFI", "EnishiIds"],
      swiftSettings: generated,
      linkerSettings: [.unsafeFlags(["-L\(root)/lib"])]
    ),
    .target(name: "Enishi", dependencies: ["EnishiCore"], swiftSettings: written),
    .executableTarget(
      name: "WritesUntilKilled",
      dependencies: ["Enishi"],
      path: "Tests/WritesUntilKilled",
      swiftSettings: written
    ),
    .testTarget(
      name: "EnishiTests",
      dependencies: ["Enishi", "WritesUntilKilled"],
      swiftSettings: written
    ),
  ],
  swiftLanguageModes: [.v6]
)
