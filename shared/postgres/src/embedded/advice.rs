//! What to install on this system, in one line.

/// The line for the system this runs on.
pub(crate) fn install() -> String {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    format!(
        "{}, or set DUBAN_PG_BIN to the directory of its binaries",
        command(std::env::consts::OS, &release)
    )
}

/// The line for an operating system (`linux`, `macos`, …) and the text of its `/etc/os-release`.
fn command(system: &str, release: &str) -> &'static str {
    if system == "macos" {
        return "run `brew install postgresql@17`";
    }
    // The system itself first, then those it is like.
    let families = field(release, "ID").into_iter().chain(field(release, "ID_LIKE"));
    families
        .flat_map(str::split_whitespace)
        .find_map(|family| match family {
            "debian" | "ubuntu" => Some("run `sudo apt-get install postgresql`"),
            "fedora" | "rhel" | "centos" | "rocky" | "almalinux" | "openeuler" | "anolis" | "kylin" => {
                Some("run `sudo dnf install postgresql-server`")
            }
            "suse" | "opensuse" | "sles" => Some("run `sudo zypper install postgresql-server`"),
            "alpine" => Some("run `apk add postgresql`"),
            "arch" => Some("run `sudo pacman -S postgresql`"),
            _ => None,
        })
        .unwrap_or("install the PostgreSQL server, version 14 or newer")
}

/// Value of a line `NAME=value` or `NAME="value"`.
fn field<'a>(release: &'a str, name: &str) -> Option<&'a str> {
    release.lines().find_map(|line| Some(line.strip_prefix(name)?.strip_prefix('=')?.trim_matches('"')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_system_gets_its_own_command() {
        let debian = "PRETTY_NAME=\"Debian GNU/Linux 12\"\nID=debian\n";
        let mint = "ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n";
        let rocky = "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n";
        for (release, tool) in [
            (debian, "apt-get"),
            (mint, "apt-get"),
            (rocky, "dnf"),
            ("ID=alpine\n", "apk add"),
            ("ID=arch\n", "pacman"),
            ("ID=plan9\n", "version 14"),
            ("", "version 14"),
        ] {
            assert!(command("linux", release).contains(tool), "{release}");
        }
        assert!(command("macos", "").contains("brew"));
    }
}
