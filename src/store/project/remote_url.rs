//! The URL of a remote: what to call the repository, and where its pages live.

use crate::model::Text;
use crate::model::project::{Forge, ProjectRepo, WebRepo};

/// Hosts that are another name for a forge's public one.
const ALIASES: [(&str, &str); 6] = [
    ("altssh.bitbucket.org", "bitbucket.org"),
    ("altssh.gitlab.com", "gitlab.com"),
    ("ssh.dev.azure.com", "dev.azure.com"),
    ("ssh.github.com", "github.com"),
    ("www.github.com", "github.com"),
    ("www.gitlab.com", "gitlab.com"),
];

/// How a remote is spoken to, as far as the address of its pages depends on it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Transport {
    Http,
    Https,
    /// ssh and git: the port, and often the host, say nothing about web pages.
    Other,
}

/// A host as a URL names it, without user, password or token.
struct Authority {
    host: String,
    port: Option<u16>,
}

/// Reads a remote's URL. `None` when it names nothing that could be shown: an empty or broken one, or a command.
/// Credentials are dropped first and never come back out.
pub fn parse(url: &str) -> Option<ProjectRepo> {
    let url = url.trim();
    if url.is_empty() || url.contains(char::is_control) {
        return None;
    }
    // `ext::command` and its like run a program.
    let helper = url.split("::").next().filter(|name| name.len() < url.len());
    if helper.is_some_and(|name| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')) {
        return None;
    }
    if let Some((scheme, rest)) = url.split_once("://") {
        return parse_scheme(&scheme.to_ascii_lowercase(), rest);
    }
    let is_windows_path = url.contains('\\') || url.as_bytes().get(1) == Some(&b':');
    if is_windows_path || !url.contains(':') {
        return named_by_path(url);
    }
    parse_scp(url)
}

fn parse_scheme(scheme: &str, rest: &str) -> Option<ProjectRepo> {
    let transport = match scheme {
        "https" | "git+https" => Transport::Https,
        "http" | "git+http" => Transport::Http,
        "ssh" | "git+ssh" | "ssh+git" | "git" => Transport::Other,
        _ => return named_by_path(without_user(rest)),
    };
    // Programs disagree on which side of a backslash the host is: guess nothing.
    if rest.contains('\\') {
        return named_by_path(rest);
    }
    // On the web a query or a fragment ends a host as a slash does.
    let rest = if transport == Transport::Other { rest } else { rest.split(['?', '#']).next()? };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    match parse_authority(authority) {
        Some(authority) => remote_repo(transport, &authority, path),
        None => named_by_path(path),
    }
}

/// `[user@]host:path`, also with `[host:port]`.
fn parse_scp(url: &str) -> Option<ProjectRepo> {
    let bracketed = url.find('[').filter(|at| !url[..*at].contains(['/', ':'])).and_then(|_| url.find("]:"));
    let colon = bracketed.map_or_else(|| url.find(':'), |at| Some(at + 1))?;
    let (host, path) = (&url[..colon], &url[colon + 1..]);
    // A slash before the colon makes it a path on this machine.
    if host.contains('/') {
        return named_by_path(url);
    }
    // `user:password@host:path` is a mistake that must not put the password into a name.
    if path.contains('@') {
        return named_by_path(path.rsplit(['@', ':']).next()?);
    }
    let bare = |host| if is_ipv6(host) { host } else { host.trim_start_matches('[').trim_end_matches(']') };
    let host = bare(without_user(bare(host)));
    match parse_authority(host) {
        Some(authority) => remote_repo(Transport::Other, &authority, path),
        None => named_by_path(path),
    }
}

fn parse_authority(text: &str) -> Option<Authority> {
    let text = without_user(text);
    let (host, port) = if is_ipv6(text) {
        let (host, rest) = text.split_once(']')?;
        (format!("{host}]"), rest.strip_prefix(':').unwrap_or_default())
    } else {
        let (host, port) = text.split_once(':').unwrap_or((text, ""));
        (host.trim_end_matches('.').to_ascii_lowercase(), port)
    };
    let port = if port.is_empty() { None } else { Some(port.parse::<u16>().ok().filter(|port| *port > 0)?) };
    let plain = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    if !host.starts_with('[') && !host.split('.').all(plain) {
        return None;
    }
    let public = ALIASES.iter().find(|(alias, _)| *alias == host).map(|(_, public)| (*public).to_owned());
    Some(Authority { host: public.unwrap_or(host), port })
}

/// The user part may itself hold `@`: the last one ends it, as for curl.
fn without_user(authority: &str) -> &str {
    let end = authority.find('/').unwrap_or(authority.len());
    authority[..end].rfind('@').map_or(authority, |at| &authority[at + 1..])
}

fn is_ipv6(host: &str) -> bool {
    host.strip_prefix('[').and_then(|rest| rest.split_once(']')).is_some_and(|(inside, _)| {
        inside.matches(':').count() > 1
            && inside.bytes().all(|b| b.is_ascii_hexdigit() || b == b':' || b == b'.')
    })
}

fn remote_repo(transport: Transport, authority: &Authority, path: &str) -> Option<ProjectRepo> {
    let segments = segments(path);
    if segments.is_empty() || segments.contains(&"..") {
        return named_by_path(path);
    }
    let path = segments.join("/");
    let name = Text::new(format!("{}/{path}", authority.host));
    let web = web_repo(transport, authority, &segments, &path);
    Some(ProjectRepo { name, web })
}

fn web_repo(transport: Transport, authority: &Authority, segments: &[&str], path: &str) -> Option<WebRepo> {
    let host = &authority.host;
    let forge = if host == "github.com" || host.starts_with("github.") || host.ends_with(".ghe.com") {
        Forge::GitHub
    } else if host.contains("gitlab") {
        Forge::GitLab
    } else {
        return None;
    };
    // A host without a dot is most often an alias of somebody's ssh configuration.
    let known_host = host.contains('.') || transport != Transport::Other;
    let deep_enough = if forge == Forge::GitHub { segments.len() == 2 } else { segments.len() >= 2 };
    let wiki = segments.last().is_some_and(|name| name.ends_with(".wiki"));
    let plain = |segment: &&str| {
        segment.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~' | b'+'))
    };
    if !known_host || !deep_enough || wiki || !segments.iter().all(plain) {
        return None;
    }
    let public = matches!(host.as_str(), "github.com" | "gitlab.com");
    let scheme = if transport == Transport::Http && !public { "http" } else { "https" };
    let port = match (transport, authority.port) {
        (Transport::Http, Some(80)) | (Transport::Https, Some(443)) | (Transport::Other, _) | (_, None) => {
            String::new()
        }
        (_, Some(port)) => format!(":{port}"),
    };
    Some(WebRepo { forge, base: format!("{scheme}://{host}{port}/{path}") })
}

/// The parts of a path without the `.git` at its end.
fn segments(path: &str) -> Vec<&str> {
    let mut segments: Vec<&str> = path.split('/').filter(|segment| !matches!(*segment, "" | ".")).collect();
    if segments.last() == Some(&".git") {
        segments.pop();
    }
    if let Some(last) = segments.last_mut() {
        *last = last.strip_suffix(".git").unwrap_or(last);
    }
    segments
}

/// A repository that only its last directory names.
fn named_by_path(path: &str) -> Option<ProjectRepo> {
    let path = path.replace('\\', "/");
    let name = *segments(&path).last()?;
    if matches!(name, ".." | "~") || name.ends_with(':') {
        return None;
    }
    Some(ProjectRepo { name: Text::from(name), web: None })
}
