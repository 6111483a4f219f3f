//! What of a title a user of the product would recognise: options and quoted names, against names of the code's insides.

/// Words of how code is built rather than of what it does.
pub(super) const INSIDES: &str = "internal refactor cleanup clean helper util utils todo struct enum trait type types method \
    function crate module impl field visitor node ast parser iterator derive";

/// Names of products that are written like names of code.
const PRODUCTS: &str = "GitHub GitLab JavaScript TypeScript CoffeeScript PowerShell GraphQL PostgreSQL MySQL MacOS YouTube \
    LinkedIn WebAssembly WebSocket WebSockets JetBrains OpenAPI OpenSSL OpenTelemetry BitBucket FreeBSD OpenBSD NetBSD";

/// The first option that a title names: `--follow`, `-x`.
pub(super) fn option(title: &str) -> Option<&str> {
    let starts = title.char_indices().filter(|(at, letter)| {
        let before = title[..*at].chars().next_back();
        *letter == '-' && before.is_none_or(|before| before.is_whitespace() || before == '`')
    });
    starts
        .map(|(at, _)| &title[at..])
        .find(|rest| {
            rest.trim_start_matches("--")
                .trim_start_matches('-')
                .starts_with(|c: char| c.is_ascii_lowercase())
        })
        .map(|rest| rest.split(|c: char| c.is_whitespace() || "`=,;:)".contains(c)).next().unwrap_or(rest))
}

/// True when a title sets something in the quotes that code has.
pub(super) fn quotes(title: &str) -> bool {
    title.contains('`')
}

/// The first name that only code has: `snake_case`, `CamelCase`, `path::to`, `call()`.
pub(super) fn identifier(title: &str) -> Option<&str> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '(' | ')');
    title
        .split(|c: char| !is_part(c))
        .map(|word| word.trim_matches(':').trim_start_matches('('))
        .find(|word| is_identifier(word) && !PRODUCTS.split(' ').any(|product| product == *word))
}

fn is_identifier(word: &str) -> bool {
    let inside = |sign: &str| {
        word.split_once(sign).is_some_and(|(before, after)| {
            before.ends_with(char::is_alphanumeric) && after.starts_with(char::is_alphanumeric)
        })
    };
    let letters: Vec<char> = word.chars().collect();
    let snake = inside("_") && word.starts_with(|c: char| c.is_ascii_lowercase());
    // A capital after a small letter in a word that begins with a capital: `ParserState`, but not `GitHub's` plain words.
    let camel = letters.first().is_some_and(|first| first.is_ascii_uppercase())
        && letters.get(1).is_some_and(char::is_ascii_lowercase)
        && letters.windows(2).any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
    snake || camel || inside("::") || (word.len() > 2 && word.ends_with("()"))
}

#[cfg(test)]
mod tests {
    use super::{identifier, option};

    #[test]
    fn options_are_named_where_a_shell_would_see_them() {
        for (title, expected) in [
            ("add --follow", Some("--follow")),
            ("Honour `-x` and --all", Some("-x")),
            ("`--color=auto` by default", Some("--color")),
            ("well-kept work - at last", None),
            ("--", None),
            ("minus -1", None),
            ("é--x", None),
        ] {
            assert_eq!(option(title), expected, "{title}");
        }
    }

    #[test]
    fn names_of_code_are_not_words() {
        for (title, expected) in [
            ("Move ParserState out", Some("ParserState")),
            ("use read_line here", Some("read_line")),
            ("drop std::mem", Some("std::mem")),
            ("call flush() first", Some("flush()")),
            ("Support HTTP, GitHub and MacOS's (new) shell", None),
            ("feat(queue): add retries", None),
            ("Ünïcode: words", None),
            ("OK _ :: ()", None),
        ] {
            assert_eq!(identifier(title), expected, "{title}");
        }
    }
}
