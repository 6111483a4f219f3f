//! Where a URL leads: one repository has many URLs, and the code's must be known under each of them.

use std::path::{Path, PathBuf};

use super::address::scp;

/// Where a URL leads, without how one gets there: ssh and https lead to one repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A repository of a host.
    Host(String, String),
    /// A directory of this machine.
    Directory(PathBuf),
    /// Something that only a program knows.
    Other(String),
}

impl Place {
    /// Where a URL leads, whoever wrote it. A path is taken from `cwd`.
    pub(super) fn of(url: &str, cwd: &Path) -> Self {
        if let Some((scheme, rest)) = url.split_once("://") {
            if scheme.eq_ignore_ascii_case("file") {
                return Self::Directory(directory(Path::new(rest)));
            }
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            return Self::on_host(authority, path);
        }
        if url.contains("::")
            && !url.starts_with(['/', '.'])
            && scp(url).is_none_or(|(_, p)| p.starts_with(':'))
        {
            return Self::Other(url.to_owned());
        }
        match scp(url) {
            Some((authority, path)) => Self::on_host(authority, path),
            None => Self::Directory(directory(&cwd.join(url))),
        }
    }

    fn on_host(authority: &str, path: &str) -> Self {
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let host = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((inside, _)) => inside,
            None => host.split(':').next().unwrap_or_default(),
        };
        let path = decoded(path).to_lowercase();
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | "." | "~")).collect();
        let path = parts.join("/");
        let path = path.strip_suffix("/.git").unwrap_or(&path);
        let path = path.strip_suffix(".git").unwrap_or(path);
        Self::Host(host.trim_end_matches('.').to_lowercase(), path.to_owned())
    }
}

/// A directory by its own name, however it was written. Git takes `x` for `x/.git` and `x.git` too.
fn directory(path: &Path) -> PathBuf {
    let mut with_end = path.as_os_str().to_owned();
    with_end.push(".git");
    let found = [path.join(".git"), path.to_owned(), PathBuf::from(with_end)];
    let found = found.iter().find_map(|path| path.canonicalize().ok());
    found.unwrap_or_else(|| path.to_owned())
}

/// `%2f` and its like, undone.
fn decoded(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let Some((&first, more)) = rest.split_first() {
        let hex = more.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match hex.filter(|_| first == b'%').and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &more[2..];
            }
            None => {
                bytes.push(first);
                rest = more;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn one_place_has_many_urls() {
        let here = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(here.path().join("app/.git")).unwrap();
        std::fs::create_dir_all(here.path().join("bare.git")).unwrap();
        std::os::unix::fs::symlink("app", here.path().join("link")).unwrap();
        let file = format!("file://{}/app/", here.path().display());
        for (one, other, same) in [
            ("git@github.com:Me/App.git", "https://github.com/me/app", true),
            ("ssh://git@github.com:22/me/app/", "https://x:y@GitHub.com./me/app.git/", true),
            ("https://github.com/me/%61pp", "github.com:me/app", true),
            ("https://github.com/me/app", "https://github.com/me/app2", false),
            ("https://github.com/me/app", "https://gitlab.com/me/app", false),
            ("app", "./link/../app/.git", true),
            ("app", "link", true),
            ("app", &file, true),
            ("bare", "bare.git", true),
            ("bare", "app", false),
            ("ext::x", "ext::x", true),
        ] {
            let same_place = Place::of(one, here.path()) == Place::of(other, here.path());
            assert_eq!(same_place, same, "{one} {other}");
        }
    }
}
