//! Names and URLs of remotes: what may be one, decided before any program sees it.

use std::net::Ipv6Addr;
use std::path::Path;

use crate::harvest::secrets::redact;
use crate::model::text::is_invisible;

/// The longest URL that is taken.
const MAX_URL: usize = 2048;
/// The longest name that is taken.
const MAX_NAME: usize = 64;

/// How a remote is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// `ssh://host/path` or `host:path`.
    Ssh,
    /// `https://`.
    Https,
    /// `http://`, on this machine only.
    Http,
    /// `git://`, on this machine only.
    Git,
    /// A path, or `file://`.
    File,
}

/// Why a name or a URL is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    /// The name could be an option, a path or half a ref.
    #[error("a remote's name has letters, digits, '-', '_' and '.', and begins with a letter or a digit")]
    Name,
    /// There is nothing.
    #[error("it is empty")]
    Empty,
    /// No honest URL is that long.
    #[error("it is too long")]
    TooLong,
    /// Git would take it for an option.
    #[error("it begins with '-', as an option does")]
    Option,
    /// A line break, an escape or something that nobody sees.
    #[error("it has control or invisible characters in it")]
    Control,
    /// `ext::` and its like run a program.
    #[error("'{0}::' runs a program")]
    Helper(String),
    /// A scheme that is not among ours.
    #[error("'{0}://' is not among ssh, https, git and file")]
    Scheme(String),
    /// No host, or one that no resolver knows.
    #[error("it has no host that can be looked up")]
    Host,
    /// No path, or one that could be an option.
    #[error("it has no path of a repository")]
    Path,
    /// A password or a token.
    #[error("it has credentials in it, and they would be kept as they are")]
    Credentials,
    /// Nobody is asked for a password there, or it travels for everyone to read.
    #[error("'{0}://' knows no secrets: only this machine may be reached by it")]
    Open(&'static str),
}

/// A URL that git may be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The URL; a path is whole.
    pub text: String,
    /// How it is reached.
    pub transport: Transport,
}

/// A name that can stand in a ref and in a key of the configuration.
pub fn check_name(name: &str) -> Result<(), BadAddress> {
    let begins = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    let of_a_ref = !name.contains("..") && !name.ends_with('.') && !name.ends_with(".lock");
    if begins && plain && of_a_ref && name.len() <= MAX_NAME { Ok(()) } else { Err(BadAddress::Name) }
}

impl Address {
    /// Checks a URL. A path is taken from `cwd`.
    pub fn parse(text: &str, cwd: &Path) -> Result<Self, BadAddress> {
        check_text(text)?;
        let as_it_is = |transport| Self { text: text.to_owned(), transport };
        if let Some((scheme, rest)) = text.split_once("://") {
            return check_scheme(scheme, rest).map(as_it_is);
        }
        match scp(text) {
            Some((host, path)) => check_scp(host, path).map(|()| as_it_is(Transport::Ssh)),
            None => {
                let whole = cwd.join(text);
                let text = whole.to_str().ok_or(BadAddress::Control)?.to_owned();
                Ok(Self { text, transport: Transport::File })
            }
        }
    }

    /// True when it is asked by http: then somebody without a password may be answered too.
    pub fn is_web(&self) -> bool {
        matches!(self.transport, Transport::Https | Transport::Http)
    }
}

fn check_text(text: &str) -> Result<(), BadAddress> {
    if text.trim().is_empty() {
        return Err(BadAddress::Empty);
    }
    if text.len() > MAX_URL {
        return Err(BadAddress::TooLong);
    }
    if text.starts_with('-') {
        return Err(BadAddress::Option);
    }
    if text.chars().any(|c| c.is_control() || is_invisible(c)) {
        return Err(BadAddress::Control);
    }
    let helper = text.split_once("::").map(|(name, _)| name);
    if let Some(name) =
        helper.filter(|name| name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_+.".contains(&b)))
    {
        return Err(BadAddress::Helper(name.to_owned()));
    }
    // A name before the host is no secret by itself, but a token may stand there.
    let words = text.replace("://", " ").replace('@', " ");
    if !redact(&words).found.is_empty() { Err(BadAddress::Credentials) } else { Ok(()) }
}

fn check_scheme(scheme: &str, rest: &str) -> Result<Transport, BadAddress> {
    let transport = match scheme {
        "ssh" => Transport::Ssh,
        "https" => Transport::Https,
        "http" => Transport::Http,
        "git" => Transport::Git,
        "file" if rest.starts_with('/') && rest.len() > 1 => return Ok(Transport::File),
        "file" => return Err(BadAddress::Path),
        _ => return Err(BadAddress::Scheme(scheme.to_owned())),
    };
    let (authority, path) = rest.split_at(rest.find('/').ok_or(BadAddress::Path)?);
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    check_user(user)?;
    let host = check_host(host)?;
    // On the web a query could hold a token, and programs disagree on where a backslash leads.
    let odd = ['\\', ' '];
    if path.trim_matches('/').is_empty() || path.contains(odd) {
        return Err(BadAddress::Path);
    }
    if path.contains(['?', '#']) && matches!(transport, Transport::Https | Transport::Http) {
        return Err(BadAddress::Credentials);
    }
    let open = match transport {
        Transport::Http => Some("http"),
        Transport::Git => Some("git"),
        _ => None,
    };
    match open.filter(|_| !is_loopback(host)) {
        Some(scheme) => Err(BadAddress::Open(scheme)),
        None => Ok(transport),
    }
}

/// The two parts of `[user@]host:path`; a slash before the colon makes it a path of this machine.
pub(super) fn scp(text: &str) -> Option<(&str, &str)> {
    let start = text.find('@').map_or(0, |at| at + 1);
    let colon =
        if text[start..].starts_with('[') { text.find("]:").map(|at| at + 1)? } else { text.find(':')? };
    (!text[..colon].contains('/')).then(|| (&text[..colon], &text[colon + 1..]))
}

fn check_scp(authority: &str, path: &str) -> Result<(), BadAddress> {
    // `user:password@host:path` is a mistake that must not be kept.
    if path.contains('@') && !path[..path.find('@').unwrap_or(0)].contains('/') {
        return Err(BadAddress::Credentials);
    }
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    check_user(user)?;
    check_host(host)?;
    let usable = !path.trim_matches('/').is_empty() && !path.starts_with('-') && !path.contains('\\');
    if usable { Ok(()) } else { Err(BadAddress::Path) }
}

fn check_user(user: &str) -> Result<(), BadAddress> {
    if user.contains(':') {
        return Err(BadAddress::Credentials);
    }
    let plain = user.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.+%".contains(&b));
    if plain && !user.starts_with('-') { Ok(()) } else { Err(BadAddress::Host) }
}

/// The host without its port.
fn check_host(text: &str) -> Result<&str, BadAddress> {
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((inside, rest)) => {
            inside.parse::<Ipv6Addr>().map_err(|_| BadAddress::Host)?;
            (inside, rest.strip_prefix(':').or(rest.is_empty().then_some("")).ok_or(BadAddress::Host)?)
        }
        None => {
            let (host, port) = text.split_once(':').unwrap_or((text, ""));
            let plain = |label: &str| {
                !label.is_empty()
                    && !label.starts_with('-')
                    && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            };
            if !host.trim_end_matches('.').split('.').all(plain) {
                return Err(BadAddress::Host);
            }
            (host, port)
        }
    };
    if !port.is_empty() && port.parse::<u16>().is_err() {
        return Err(BadAddress::Host);
    }
    Ok(host)
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A word as a shell reads it back.
pub fn shell_word(word: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./:@+,=".contains(&b);
    if !word.is_empty() && word.bytes().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Address, BadAddress, Transport, check_name, shell_word};

    #[test]
    fn names_can_stand_in_refs_and_keys() {
        for name in ["origin", "my-backup", "nas_2", "a.b", "9"] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
        let long = "x".repeat(65);
        for name in [
            "",
            "-x",
            "--upload-pack=touch x",
            ".a",
            "a..b",
            "a.",
            "a.lock",
            "a/b",
            "a b",
            "a\nb",
            "a\u{1b}",
            "a=b",
            "ä",
            "a:b",
            "a*",
            "_a",
            &long,
        ] {
            assert_eq!(check_name(name), Err(BadAddress::Name), "{name:?}");
        }
    }

    #[test]
    fn urls_that_git_may_be_given() {
        for (url, transport) in [
            ("ssh://git@example.com/me/journal.git", Transport::Ssh),
            ("ssh://example.com:2222/~/journal", Transport::Ssh),
            ("ssh://[::1]:22/journal", Transport::Ssh),
            ("git@example.com:me/journal.git", Transport::Ssh),
            ("nas:journal.git", Transport::Ssh),
            ("me@[fe80::1]:journal", Transport::Ssh),
            ("https://example.com/me/journal", Transport::Https),
            ("https://me@example.com/me/journal", Transport::Https),
            ("http://127.0.0.1:8080/journal", Transport::Http),
            ("git://localhost/journal", Transport::Git),
            ("git://[::1]:9418/journal", Transport::Git),
            ("file:///srv/journal.git", Transport::File),
            ("/srv/my journal.git", Transport::File),
            ("../it's here.git", Transport::File),
            ("journal.git", Transport::File),
            ("./a:b", Transport::File),
        ] {
            let found = Address::parse(url, Path::new("/home/me"));
            assert_eq!(found.map(|found| found.transport), Ok(transport), "{url}");
        }
        assert_eq!(Address::parse("x.git", Path::new("/a")).unwrap().text, "/a/x.git");
    }

    #[test]
    fn urls_that_git_is_never_given() {
        let helper = |name: &str| BadAddress::Helper(name.to_owned());
        let scheme = |name: &str| BadAddress::Scheme(name.to_owned());
        let token = format!("https://ghp_{}@github.com/me/x", "a".repeat(36));
        for (url, why) in [
            ("", BadAddress::Empty),
            ("  ", BadAddress::Empty),
            ("-x", BadAddress::Option),
            ("--upload-pack=touch /tmp/x", BadAddress::Option),
            ("ext::sh -c touch% /tmp/x", helper("ext")),
            ("fd::17", helper("fd")),
            ("gcrypt::ssh://example.com/x", helper("gcrypt")),
            ("::x", helper("")),
            ("https://example.com/a\nb", BadAddress::Control),
            ("https://example.com/a\rb", BadAddress::Control),
            ("https://example.com/\u{1b}[31m", BadAddress::Control),
            ("https://example.com/\u{202e}x", BadAddress::Control),
            ("rsync://example.com/x", scheme("rsync")),
            ("ext://x/y", scheme("ext")),
            ("HTTPS://example.com/x", scheme("HTTPS")),
            ("ssh://-oProxyCommand=touch/x", BadAddress::Host),
            ("ssh://me@-oProxyCommand=x/y", BadAddress::Host),
            ("ssh://-l@example.com/y", BadAddress::Host),
            ("-oProxyCommand=touch:x", BadAddress::Option),
            ("me@-oProxyCommand=x:y", BadAddress::Host),
            ("example.com:-x", BadAddress::Path),
            ("example.com:", BadAddress::Path),
            ("https://example.com", BadAddress::Path),
            ("https://example.com/", BadAddress::Path),
            ("https:///x", BadAddress::Host),
            ("https://exa mple.com/x", BadAddress::Host),
            ("https://example.com:99999/x", BadAddress::Host),
            ("https://example.com\\@evil.example/x", BadAddress::Host),
            ("https://me:secret@example.com/x", BadAddress::Credentials),
            ("ssh://me:secret@example.com/x", BadAddress::Credentials),
            ("me:secret@example.com:x", BadAddress::Credentials),
            (&token, BadAddress::Credentials),
            ("https://example.com/x?private_token=abc", BadAddress::Credentials),
            ("http://example.com/x", BadAddress::Open("http")),
            ("git://example.com/x", BadAddress::Open("git")),
            ("git://10.0.0.1/x", BadAddress::Open("git")),
            ("file://host/x", BadAddress::Path),
            ("file:///", BadAddress::Path),
        ] {
            assert_eq!(Address::parse(url, Path::new("/")), Err(why), "{url:?}");
        }
        assert_eq!(Address::parse(&"x".repeat(3000), Path::new("/")), Err(BadAddress::TooLong));
    }

    #[test]
    fn words_survive_a_shell() {
        assert_eq!(shell_word("me@example.com:x"), "me@example.com:x");
        assert_eq!(shell_word("/it's here"), r"'/it'\''s here'");
    }
}
