//! Tokens and passwords in harvested text: found by form, replaced before anything is kept.

/// Text without secrets, and the names of what was taken out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Redacted {
    /// The text; each secret is `[redacted: github-token]` and the like.
    pub text: String,
    /// What was found, in order.
    pub found: Vec<&'static str>,
}

/// A secret that begins with a fixed text: its name, the beginnings, how many characters must follow, of which kind.
struct Prefix {
    name: &'static str,
    starts: &'static [&'static str],
    least: usize,
    of: fn(u8) -> bool,
}

const PREFIXES: &[Prefix] = &[
    Prefix {
        name: "github-token",
        starts: &["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
        least: 36,
        of: letter_or_digit,
    },
    Prefix { name: "github-token", starts: &["github_pat_"], least: 22, of: word },
    Prefix { name: "aws-key", starts: &["AKIA", "ASIA"], least: 16, of: upper_or_digit },
    Prefix {
        name: "slack-token",
        starts: &["xoxa-", "xoxb-", "xoxp-", "xoxr-", "xoxs-"],
        least: 10,
        of: word,
    },
    Prefix { name: "google-key", starts: &["AIza"], least: 35, of: word },
    Prefix { name: "api-key", starts: &["sk-ant-", "sk-proj-"], least: 16, of: word },
    Prefix { name: "api-key", starts: &["sk-"], least: 20, of: letter_or_digit },
    Prefix { name: "stripe-key", starts: &["sk_live_", "rk_live_"], least: 10, of: letter_or_digit },
    Prefix { name: "npm-token", starts: &["npm_"], least: 30, of: letter_or_digit },
    Prefix { name: "gitlab-token", starts: &["glpat-"], least: 16, of: word },
];

/// Names of things whose quoted value is a secret.
const ASSIGNED: &[&str] =
    &["password", "passwd", "secret", "token", "api_key", "api-key", "apikey", "api key"];

fn letter_or_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

fn upper_or_digit(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

fn word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

/// Replaces every secret in `text`.
pub fn redact(text: &str) -> Redacted {
    let mut redacted = Redacted::default();
    let (mut kept, mut at) = (0, 0);
    while at < text.len() {
        match secret(text, at) {
            Some((name, start, end)) => {
                redacted.text.push_str(&text[kept..start]);
                redacted.text.push_str("[redacted: ");
                redacted.text.push_str(name);
                redacted.text.push(']');
                redacted.found.push(name);
                (kept, at) = (end, end);
            }
            None => at += 1,
        }
    }
    redacted.text.push_str(&text[kept..]);
    redacted
}

/// The secret that the byte at `at` opens: its name, where it begins and ends. Both are character boundaries, since
/// every form is ASCII at its edges.
fn secret(text: &str, at: usize) -> Option<(&'static str, usize, usize)> {
    let bytes = text.as_bytes();
    let rest = &bytes[at..];
    match rest[0] {
        b'-' if rest.starts_with(b"-----BEGIN ") => private_key(text, at).map(|end| ("private-key", at, end)),
        b':' if rest.starts_with(b"://") => {
            userinfo(bytes, at + 3).map(|end| ("url-credentials", at + 3, end))
        }
        b'=' | b':' => assigned(bytes, at).map(|(start, end)| ("password", start, end)),
        _ if at > 0 && (letter_or_digit(bytes[at - 1]) || bytes[at - 1] == b'_') => None,
        b'e' if rest.starts_with(b"eyJ") && bytes[..at].last() != Some(&b'-') => {
            json_web_token(rest).map(|len| ("json-web-token", at, at + len))
        }
        _ => PREFIXES.iter().find_map(|prefix| {
            let start = prefix.starts.iter().find(|start| rest.starts_with(start.as_bytes()))?;
            let len = rest[start.len()..].iter().take_while(|byte| (prefix.of)(**byte)).count();
            (len >= prefix.least).then_some((prefix.name, at, at + start.len() + len))
        }),
    }
}

/// The end of a private key: of its last line, or of the text when that was cut off.
fn private_key(text: &str, at: usize) -> Option<usize> {
    let label = text[at + 11..].split('-').next()?;
    let named =
        label.ends_with("PRIVATE KEY") && label.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b' ');
    let close = format!("-----END {label}-----");
    named.then(|| text[at..].find(&close).map_or(text.len(), |found| at + found + close.len()))
}

/// The end of `user:password` or a lone token before the `@` of an address; `git@` is no secret.
fn userinfo(bytes: &[u8], at: usize) -> Option<usize> {
    let of = |byte: &u8| {
        byte.is_ascii_graphic() && !matches!(byte, b'/' | b'@' | b'?' | b'#' | b'<' | b'>' | b'"')
    };
    let len = bytes[at..].iter().take(256).take_while(|byte| of(byte)).count();
    let info = &bytes[at..at + len];
    (bytes.get(at + len) == Some(&b'@') && len > 0 && info != b"git").then_some(at + len)
}

/// The quoted value of `password = "…"`, from twelve characters on.
fn assigned(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let blank = |byte: &&u8| matches!(**byte, b' ' | b'\t');
    let gap = bytes[..at].iter().rev().take(8).take_while(blank).count();
    let name = &bytes[..at - gap];
    let names = |word: &&&str| {
        name.len()
            .checked_sub(word.len())
            .is_some_and(|from| name[from..].eq_ignore_ascii_case(word.as_bytes()))
    };
    ASSIGNED.iter().find(names)?;
    let quote = at + 1 + bytes[at + 1..].iter().take(8).take_while(blank).count();
    let mark = bytes.get(quote).filter(|byte| matches!(byte, b'"' | b'\''))?;
    let len = bytes[quote + 1..].iter().take(512).take_while(|byte| *byte != mark && **byte != b'\n').count();
    (len >= 12 && bytes.get(quote + 1 + len) == Some(mark)).then_some((quote + 1, quote + 1 + len))
}

/// The length of `eyJ….eyJ….…`.
fn json_web_token(rest: &[u8]) -> Option<usize> {
    let run = |from: usize| rest[from..].iter().take_while(|byte| word(**byte)).count();
    let head = run(0);
    if head < 10 || !rest[head..].starts_with(b".eyJ") {
        return None;
    }
    let payload = head + 1 + run(head + 1);
    (rest.get(payload) == Some(&b'.')).then(|| payload + 1 + run(payload + 1))
}

#[cfg(test)]
mod tests {
    use super::redact;

    #[test]
    fn secrets_go_and_prose_stays() {
        let hex = "0123456789abcdef0123456789abcdef0123";
        for (text, expected) in [
            (format!("use ghp_{hex} here"), "use [redacted: github-token] here"),
            (format!("github_pat_{hex}"), "[redacted: github-token]"),
            ("key AKIAIOSFODNN7EXAMPLE.".into(), "key [redacted: aws-key]."),
            ("xoxb-1234567890-abcdef".into(), "[redacted: slack-token]"),
            (format!("AIza{}", &hex[..35]), "[redacted: google-key]"),
            (format!("sk-ant-{hex}, sk-{hex}"), "[redacted: api-key], [redacted: api-key]"),
            (format!("sk_live_{hex}"), "[redacted: stripe-key]"),
            (format!("npm_{hex}"), "[redacted: npm-token]"),
            ("glpat-abcdefghij0123456789".into(), "[redacted: gitlab-token]"),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln end".into(), "[redacted: json-web-token] end"),
            ("API_KEY = \"correct horse battery\"".into(), "API_KEY = \"[redacted: password]\""),
            ("Password: 'hunter2hunter2'!".into(), "Password: '[redacted: password]'!"),
            ("https://ada:pw@acme.test/x".into(), "https://[redacted: url-credentials]@acme.test/x"),
            (
                "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\nbye".into(),
                "[redacted: private-key]\nbye",
            ),
            ("é -----BEGIN PRIVATE KEY----- abc".into(), "é [redacted: private-key]"),
        ] {
            assert_eq!(redact(&text).text, expected);
            assert!(!redact(&text).found.is_empty(), "{text}");
        }
        for text in [
            "",
            "ghp_short and GHP_",
            "npm_config_registry is read",
            "rename sk-learn-something-or-other",
            "AKIA",
            "ssh://git@github.com/a/b",
            "https://acme.test/@ada",
            "token: \"short\"",
            "token = value_without_quotes",
            "tokens: 'not an assignment of one'",
            "eyJhbGciOiJIUzI1NiJ9",
            "-----BEGIN CERTIFICATE-----",
            "feat(token): 'é' is ünïcode",
            "fooghp_0123456789abcdef0123456789abcdef0123",
        ] {
            assert_eq!(redact(text).text, text);
        }
    }

    #[test]
    fn hostile_text_is_linear() {
        for part in
            ["eyJ", "://", "a:b@", "token='", "-----BEGIN ", "-----BEGIN PRIVATE KEY", "ghp_", "= \"", "sk-"]
        {
            let text = part.repeat(100_000 / part.len());
            let started = std::time::Instant::now();
            redact(&text);
            assert!(started.elapsed().as_millis() < 300, "{part:?} took {:?}", started.elapsed());
        }
    }

    proptest::proptest! {
        #[test]
        fn redacting_twice_changes_nothing(text in "[a-zA-Z:/@='\" é_-]{0,80}") {
            let once = redact(&text).text;
            assert_eq!(redact(&once).text, once);
        }
    }
}
