//! The URL of a remote: what to call the repository, and where its pages live.

use crate::model::Text;
use crate::model::project::ProjectRepo;

use super::forge::{Authority, ForgeSettings, Place, Transport, locate, public_name};

/// Reads a remote's URL. `None` when it names nothing that could be shown: an empty or broken one, or a command.
/// Credentials are dropped first and never come back out.
pub fn parse(url: &str, settings: &ForgeSettings) -> Option<ProjectRepo> {
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
        return parse_scheme(&scheme.to_ascii_lowercase(), rest, settings);
    }
    let is_windows_path = url.contains('\\') || url.as_bytes().get(1) == Some(&b':');
    if is_windows_path || !url.contains(':') {
        return named_by_path(url);
    }
    parse_scp(url, settings)
}

fn parse_scheme(scheme: &str, rest: &str, settings: &ForgeSettings) -> Option<ProjectRepo> {
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
        Some(authority) => remote_repo(transport, &authority, path, settings),
        None => named_by_path(path),
    }
}

/// `[user@]host:path`, also with `[host:port]`.
fn parse_scp(url: &str, settings: &ForgeSettings) -> Option<ProjectRepo> {
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
        Some(authority) => remote_repo(Transport::Other, &authority, path, settings),
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
    Some(Authority { host: public_name(&host).map_or(host, str::to_owned), port })
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

fn remote_repo(
    transport: Transport,
    authority: &Authority,
    path: &str,
    settings: &ForgeSettings,
) -> Option<ProjectRepo> {
    let segments = segments(path);
    if segments.is_empty() || segments.contains(&"..") {
        return named_by_path(path);
    }
    let place = Place { transport, authority, segments: &segments };
    let Some((host, web)) = locate(&place, settings) else {
        return Some(ProjectRepo::named(format!("{}/{}", authority.host, segments.join("/"))));
    };
    let name = format!("{host}/{}", web.path);
    Some(ProjectRepo { web: Some(web), ..ProjectRepo::named(name) })
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
    Some(ProjectRepo::named(Text::from(name)))
}
