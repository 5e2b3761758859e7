//! Tools that tests need and a machine may lack.

use std::{fmt, fs, path::Path, process::Stdio};
use tokio::process::Command;

/// A tool that is not here, and what would bring it.
#[derive(Debug)]
pub(crate) struct Missing {
    /// What went wrong.
    pub(crate) why: String,
    /// The command that installs it; empty where none is known.
    pub(crate) command: &'static str,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)?;
        if !self.command.is_empty() {
            write!(f, "; install it with: {}", self.command)?;
        }
        Ok(())
    }
}

impl std::error::Error for Missing {}

/// Whether this process may install Debian packages.
pub(crate) async fn can_install() -> bool {
    is_root().await && Path::new("/usr/bin/apt-get").exists()
}

/// Whether this process runs as root.
pub(crate) async fn is_root() -> bool {
    user_id(None).await.is_some_and(|id| id == 0)
}

/// The number of a user; of the present one where none is named.
pub(crate) async fn user_id(name: Option<&str>) -> Option<u32> {
    number_of("-u", name).await
}

/// The number of a user's group.
pub(crate) async fn group_id(name: &str) -> Option<u32> {
    number_of("-g", Some(name)).await
}

async fn number_of(which: &str, name: Option<&str>) -> Option<u32> {
    let output = Command::new("id").arg(which).args(name).stderr(Stdio::null()).output().await.ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

/// Installs Debian packages.
pub(crate) async fn install(packages: &[&str]) -> bool {
    println!("installing {} with apt-get", packages.join(" "));
    apt_get(&["update", "-qq"]).await && apt_get(&[&["install", "-y", "-qq"], packages].concat()).await
}

async fn apt_get(arguments: &[&str]) -> bool {
    let mut apt = Command::new("apt-get");
    apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null()).stdout(Stdio::null());
    apt.status().await.is_ok_and(|status| status.success())
}

/// The mirror that this machine's own packages come from; none where it is no Debian.
pub(crate) async fn mirror() -> Option<String> {
    let release = fs::read_to_string("/etc/os-release").ok()?;
    let told =
        Command::new("apt-get").args(["indextargets", "--format", "$(SITE) $(RELEASE) $(COMPONENT)"]).output().await;
    site(&release, &String::from_utf8_lossy(&told.ok()?.stdout))
}

/// The site of the main part of the release that runs here; none where that is no Debian.
fn site(release: &str, targets: &str) -> Option<String> {
    let value =
        |name: &str| release.lines().find_map(|line| line.strip_prefix(name)).map(|value| value.trim_matches('"'));
    if value("ID=")? != "debian" {
        return None;
    }
    let codename = value("VERSION_CODENAME=")?;
    let of_it = |line: &str| {
        let mut words = line.split(' ');
        let site = words.next()?;
        (words.eq([codename, "main"])).then(|| site.to_owned())
    };
    targets.lines().find_map(of_it)
}

#[cfg(test)]
mod tests {
    use super::site;

    const RELEASE: &str = "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nVERSION_CODENAME=bookworm\nID=debian\n";

    #[test]
    fn the_mirror_is_the_one_of_the_release_that_runs_here() {
        let targets = "http://other.example/apt nodistro main\n\
                       http://other.example/docker bookworm stable\n\
                       http://mirror.example/debian-security bookworm-security main\n\
                       http://mirror.example/debian bookworm main\n";
        assert_eq!(site(RELEASE, targets).as_deref(), Some("http://mirror.example/debian"));
        assert_eq!(site(RELEASE, ""), None);
        assert_eq!(site(&RELEASE.replace("ID=debian", "ID=ubuntu"), targets), None);
    }
}
