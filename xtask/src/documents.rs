//! What the documents say about the code is checked here.

use crate::workspace::root;
use std::{fs, path::Path};

const DOCUMENTS: &[&str] = &[
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "docs/sync.md",
    "docs/archive.md",
    "docs/server.md",
    "docs/kotlin.md",
    "docs/android.md",
    "docs/swift.md",
    "docs/screens.md",
    "docs/tests.md",
    "docs/known-limits.md",
    "docs/performance.md",
    "docs/media.md",
    "docs/reliability.md",
];

/// Paths that a document names in backticks, and the targets of its links.
fn named_paths(text: &str) -> Vec<&str> {
    let quoted = text.split('`').skip(1).step_by(2).filter(|word| is_path(word));
    let linked = text.split("](").skip(1).filter_map(|rest| rest.split_once(')').map(|(target, _)| target));
    let linked = linked.filter(|target| !target.contains("://")).filter_map(|target| target.split('#').next());
    quoted.chain(linked.filter(|target| !target.is_empty())).collect()
}

fn is_path(word: &str) -> bool {
    let parts = ["protocol/", "core/", "server/", "tests/", "xtask/", "docs/", "android/", "bindings/"];
    parts.iter().any(|part| word.starts_with(part)) && !word.contains([' ', '*', '…', '<'])
}

#[test]
fn every_path_that_a_document_names_is_there() {
    for document in DOCUMENTS {
        let text = fs::read_to_string(root().join(document)).expect(document);
        let home = root().join(document);
        let home = home.parent().unwrap_or(Path::new("."));
        for path in named_paths(&text) {
            assert!(root().join(path).exists() || home.join(path).exists(), "{document} names {path}");
        }
    }
}

#[cfg(feature = "full")]
#[test]
fn every_rule_of_the_sync_contract_is_explained() {
    let text = fs::read_to_string(root().join("docs/sync.md")).expect("docs/sync.md");
    for rule in enishi_protocol::rules::Rule::ALL {
        assert!(text.contains(&format!("| `{rule:?}` |")), "docs/sync.md does not explain {rule:?}");
    }
}
