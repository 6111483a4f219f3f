//! Roles and colours: the only escape sequences the program ever writes come from the table in this file.

/// What a piece of text is for. Renderers decide how it looks; meaning never rests on colour alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Role {
    /// Ordinary text.
    #[default]
    Plain,
    /// Text that must be seen.
    Strong,
    /// A heading.
    Heading,
    /// The unique prefix of an id.
    Id,
    /// The letters of an id that nobody has to type.
    IdRest,
    /// Something that went well.
    Good,
    /// Something to look at.
    Warn,
    /// Something that is wrong.
    Bad,
    /// Less important than its surroundings.
    Muted,
    /// What a difference adds.
    Added,
    /// What a difference removes.
    Removed,
    /// The name of a value.
    Key,
    /// An address; it becomes a link where the medium has links and the address is safe.
    Link,
}

impl Role {
    /// The SGR parameters of the role: the 16 colours of the terminal's own theme, so that they suit a light
    /// background as well as a dark one. `None` is unstyled.
    fn sgr(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Strong | Self::Heading => Some("1"),
            Self::Id => Some("1;35"),
            Self::IdRest | Self::Muted => Some("2"),
            Self::Good | Self::Added => Some("32"),
            Self::Warn => Some("33"),
            Self::Bad | Self::Removed => Some("31"),
            Self::Key => Some("36"),
            Self::Link => Some("4"),
        }
    }

    /// `text`, which must be sanitised already, in the colour of the role.
    pub(super) fn paint(self, text: &str, colour: bool) -> String {
        match self.sgr() {
            Some(sgr) if colour && !text.is_empty() => format!("\x1b[{sgr}m{text}\x1b[0m"),
            _ => text.to_owned(),
        }
    }
}

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorChoice {
    /// On a terminal that can, unless the environment says otherwise.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl ColorChoice {
    /// Reads the words that git's `color.ui` and `--color` take.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "auto" | "true" | "yes" | "on" => Some(Self::Auto),
            "always" => Some(Self::Always),
            "never" | "false" | "no" | "off" => Some(Self::Never),
            _ => None,
        }
    }

    /// Whether to colour a stream. An explicit choice beats the environment; there, a wish for silence beats a wish
    /// for colour (`NO_COLOR`, then `CLICOLOR_FORCE`, `CLICOLOR=0`, `TERM=dumb`).
    pub fn colours(self, is_tty: bool, env: impl Fn(&str) -> Option<String>) -> bool {
        let set = |name: &str| env(name).filter(|value| !value.is_empty());
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto if set("NO_COLOR").is_some() => false,
            Self::Auto if set("CLICOLOR_FORCE").is_some_and(|value| value != "0") => true,
            Self::Auto => {
                is_tty
                    && set("CLICOLOR").is_none_or(|v| v != "0")
                    && set("TERM").is_none_or(|term| term != "dumb")
            }
        }
    }
}

/// Whether the locale's characters are those of UTF-8: the first of the variables that is set decides, as in C.
pub(super) fn speaks_utf8(env: impl Fn(&str) -> Option<String>) -> bool {
    let locale =
        ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| env(name).filter(|value| !value.is_empty()));
    let dumb = env("TERM").is_some_and(|term| term == "dumb");
    let folded = locale.unwrap_or_default().to_ascii_lowercase();
    !dumb && (folded.contains("utf-8") || folded.contains("utf8"))
}

#[cfg(test)]
mod tests {
    use super::{ColorChoice, Role, speaks_utf8};

    #[test]
    fn the_first_locale_that_is_set_decides() {
        for (env, expected) in [
            (&[][..], false),
            (&[("LANG", "en_GB.UTF-8")], true),
            (&[("LANG", "de_DE.utf8")], true),
            (&[("LANG", "C")], false),
            (&[("LANG", "en_GB.UTF-8"), ("LC_ALL", "C")], false),
            (&[("LANG", "C"), ("LC_CTYPE", "C.UTF-8"), ("LC_ALL", "")], true),
            (&[("LANG", "en_GB.UTF-8"), ("TERM", "dumb")], false),
        ] {
            let lookup = |name: &str| env.iter().find(|(key, _)| *key == name).map(|(_, v)| (*v).to_owned());
            assert_eq!(speaks_utf8(lookup), expected, "{env:?}");
        }
    }

    #[test]
    fn the_environment_decides_only_when_nobody_else_does() {
        use ColorChoice::{Always, Auto, Never};
        for (choice, tty, env, expected) in [
            (Auto, true, &[][..], true),
            (Auto, false, &[], false),
            (Auto, true, &[("NO_COLOR", "1")], false),
            (Auto, true, &[("NO_COLOR", "")], true),
            (Auto, true, &[("TERM", "dumb")], false),
            (Auto, true, &[("CLICOLOR", "0")], false),
            (Auto, false, &[("CLICOLOR_FORCE", "1")], true),
            (Auto, false, &[("CLICOLOR_FORCE", "0")], false),
            (Auto, true, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
            (Always, false, &[("NO_COLOR", "1")], true),
            (Never, true, &[("CLICOLOR_FORCE", "1")], false),
        ] {
            let lookup = |name: &str| env.iter().find(|(key, _)| *key == name).map(|(_, v)| (*v).to_owned());
            assert_eq!(choice.colours(tty, lookup), expected, "{choice:?} tty={tty} {env:?}");
        }
    }

    #[test]
    fn paint_is_reset_and_optional() {
        assert_eq!(Role::Bad.paint("x", true), "\x1b[31mx\x1b[0m");
        assert_eq!(Role::Bad.paint("x", false), "x");
        assert_eq!(Role::Plain.paint("x", true), "x");
        assert_eq!(Role::Bad.paint("", true), "");
    }
}
