//! Hostile text against every sanitiser.

use proptest::prelude::{any, proptest};

use super::{
    is_forbidden, is_mark, is_safe_link, json_for_terminal, markdown, markdown_code, markdown_inline,
    terminal, terminal_prose,
};

/// Text that acts, hides or poses, and how it looks on a terminal line.
const HOSTILE: &[(&str, &str)] = &[
    ("\x1b]8;;http://evil\x1b\\here\x1b]8;;\x1b\\", r"\u{1b}]8;;http://evil\u{1b}\here\u{1b}]8;;\u{1b}\"),
    ("\x1b]52;c;cm0gLXJm\x07", r"\u{1b}]52;c;cm0gLXJm\u{7}"),
    ("\x1b[2J\x1b[1;1H", r"\u{1b}[2J\u{1b}[1;1H"),
    ("\x1b[31mred\x1b[0m", r"\u{1b}[31mred\u{1b}[0m"),
    ("\x1bP$q\"p\x1b\\", r#"\u{1b}P$q"p\u{1b}\"#),
    ("\x1b_apc\x1b\\", r"\u{1b}_apc\u{1b}\"),
    ("\u{9b}31m", r"\u{9b}31m"),
    ("\u{9d}0;title\u{9c}", r"\u{9d}0;title\u{9c}"),
    ("\u{90}dcs\u{9c}", r"\u{90}dcs\u{9c}"),
    ("\u{85}next", r"\u{85}next"),
    ("user\u{202e}nimda", r"user\u{202e}nimda"),
    ("\u{2066}iso\u{2069}", r"\u{2066}iso\u{2069}"),
    ("a\u{200e}b\u{200f}c\u{61c}", r"a\u{200e}b\u{200f}c\u{61c}"),
    ("tag\u{e0041}\u{e007f}", r"tag\u{e0041}\u{e007f}"),
    ("\u{feff}bom", r"\u{feff}bom"),
    ("zero\u{200b}width\u{2060}\u{180e}", r"zero\u{200b}width\u{2060}\u{180e}"),
    ("no\u{200d}emoji", r"no\u{200d}emoji"),
    ("vs\u{fe0f}\u{fe00}", r"vs\u{fe0f}\u{fe00}"),
    ("\u{e0100}", r"\u{e0100}"),
    ("done\rfail", r"done\u{d}fail"),
    ("crlf\r\nline", "crlf line"),
    ("abc\x08\x08\x08xyz", r"abc\u{8}\u{8}\u{8}xyz"),
    ("nul\0byte", r"nul\u{0}byte"),
    ("del\x7f", r"del\u{7f}"),
    ("vt\x0bff\x0c", r"vt\u{b}ff\u{c}"),
    ("sep\u{2028}para\u{2029}", r"sep\u{2028}para\u{2029}"),
    ("\u{3164}\u{115f}\u{1160}\u{ffa0}", r"\u{3164}\u{115f}\u{1160}\u{ffa0}"),
    ("soft\u{ad}hyphen", r"soft\u{ad}hyphen"),
    ("\u{2800}braille blank", r"\u{2800}braille blank"),
    ("\u{fff9}a\u{fffa}b\u{fffb}", r"\u{fff9}a\u{fffa}b\u{fffb}"),
    ("\u{1d173}music", r"\u{1d173}music"),
    ("\u{301}lone mark", r"\u{301}lone mark"),
    ("a\nb\tc\n\n\td", "a b c d"),
    ("e\u{301}", "e\u{301}"),
    ("👩\u{200d}💻 ❤\u{fe0f} 1\u{fe0f}\u{20e3}", "👩\u{200d}💻 ❤\u{fe0f} 1\u{fe0f}\u{20e3}"),
    ("👩\u{200d}x ❤\u{fe0f}\u{fe0f} 1\u{fe0f}x", r"👩\u{200d}x ❤️\u{fe0f} 1\u{fe0f}x"),
    ("日本語 नमस्ते עברית ไทย", "日本語 नमस्ते עברית ไทย"),
];

/// Text that looks like Markdown, and what is written so that it stays text.
const MARKUP: &[(&str, &str)] = &[
    ("[x](javascript:alert(1))", r"\[x\](javascript:alert(1))"),
    ("![](http://evil/p.png)", r"!\[\](http\://evil/p.png)"),
    ("<img src=x onerror=y>", r"\<img src=x onerror=y\>"),
    ("<!-- hidden -->", r"\<!-- hidden --\>"),
    ("<https://evil>", r"\<https\://evil\>"),
    ("see https://evil and WWW.evil.com", r"see https\://evil and WWW\.evil.com"),
    ("mail a@b.example", "mail a@&#8203;b.example"),
    ("`code` ``x``", r"\`code\` \`\`x\`\`"),
    ("a | b", r"a \| b"),
    ("# heading", r"\# heading"),
    ("## C# #", r"\#\# C# \#"),
    ("- list", r"\- list"),
    ("+ list", r"\+ list"),
    ("1. list", r"1\. list"),
    ("  12) list", r" 12\) list"),
    ("***", r"\*\*\*"),
    ("---", r"\---"),
    ("===", r"\==="),
    (":-:", r"\:-:"),
    ("> quote", r"\> quote"),
    ("~~~", r"\~\~\~"),
    ("    indented code", " indented code"),
    ("hard break  ", "hard break "),
    ("*emph* _emph_ snake_case", r"\*emph\* \_emph\_ snake_case"),
    ("&copy; &#x41;", r"\&copy; \&\#x41;"),
    (r"\*not\*", r"\\\*not\\\*"),
    ("$e = mc^2$", r"\$e = mc^2\$"),
    ("thanks @name", "thanks @&#8203;name"),
    ("fix #12, org/repo#12", r"fix \#&#8203;12, org/repo#&#8203;12"),
    ("GH-12 !12", "GH-&#8203;12 !&#8203;12"),
    ("two\nlines", "two lines"),
    ("[^1]: note", r"\[^1\]: note"),
    ("[ref]: http://evil", r"\[ref\]: http\://evil"),
    ("p99 dropped (cold): 3.4 s, 60% less!", "p99 dropped (cold): 3.4 s, 60% less!"),
];

/// No character acts or hides, except a joiner or selector that an emoji explains.
fn assert_clean(input: &str, output: &str, allowed: &[char]) {
    let chars: Vec<char> = output.chars().collect();
    assert!(
        !chars.windows(9).any(|run| run.iter().all(|c| is_mark(*c))),
        "a tower of {input:?} in {output:?}"
    );
    for (i, &c) in chars.iter().enumerate() {
        let emoji = matches!(c, '\u{200d}' | '\u{fe0e}' | '\u{fe0f}')
            && i.checked_sub(1).is_some_and(|j| !chars[j].is_alphabetic());
        assert!(
            !is_forbidden(c) || emoji || allowed.contains(&c),
            "{c:?} of {input:?} survives in {output:?}"
        );
    }
}

fn assert_every_sanitiser(input: &str) {
    for output in [terminal(input), markdown(input), markdown_inline(input), markdown_code(input)] {
        assert_clean(input, &output, &[]);
    }
    assert_clean(input, &terminal_prose(input), &['\n']);
    let json = serde_json::to_string_pretty(&[input]).unwrap();
    let shown = json_for_terminal(&json);
    assert_clean(input, &shown, &['\n']);
    assert_eq!(serde_json::from_str::<[String; 1]>(&shown).unwrap()[0], input);
}

#[test]
fn what_acts_or_hides_is_shown() {
    for (input, expected) in HOSTILE {
        assert_eq!(terminal(input), *expected, "{input:?}");
        assert_every_sanitiser(input);
    }
}

#[test]
fn what_looks_like_markdown_stays_text() {
    for (input, expected) in MARKUP {
        assert_eq!(markdown(input), *expected, "{input:?}");
        assert_every_sanitiser(input);
    }
}

#[test]
fn towers_of_marks_are_cut_down() {
    let tower = format!("z{}", "\u{301}".repeat(200));
    assert_eq!(terminal(&tower).matches('\u{301}').count(), 8);
    assert_eq!(markdown(&tower).matches('\u{301}').count(), 8);
    assert_every_sanitiser(&tower);
    let chain = "👩".to_owned() + &"\u{200d}👩".repeat(5);
    let shown = "👩".to_owned() + &"\u{200d}👩".repeat(4) + r"\u{200d}👩";
    assert_eq!(terminal(&chain), shown);
}

#[test]
fn prose_keeps_its_lines() {
    assert_eq!(terminal_prose("a\r\n\tb\n\nc\rd"), "a\n    b\n\nc\\u{d}d");
}

#[test]
fn code_cannot_be_left() {
    for (input, expected) in [
        ("a.rs", "`a.rs`"),
        ("a`b", "``a`b``"),
        ("`a``", "``` `a`` ```"),
        ("a|b`c", r"a\|b\`c"),
        ("", ""),
        ("x\ny\x1b", r"`x y\u{1b}`"),
        ("@name #12", "`@name #12`"),
    ] {
        assert_eq!(markdown_code(input), expected, "{input:?}");
    }
}

#[test]
fn json_keeps_its_value_and_shows_its_tricks() {
    let json = "{\n  \"é\": \"\u{202e}\u{7f}\u{9b}\u{2028}\u{e0041}\"\n}";
    assert_eq!(json_for_terminal(json), "{\n  \"é\": \"\\u202e\\u007f\\u009b\\u2028\\udb40\\udc41\"\n}");
}

#[test]
fn links_show_where_they_lead() {
    for (url, safe) in [
        ("https://example.com/a?b=c#d", true),
        ("HTTP://example.com", true),
        ("http://[::1]:80/x", true),
        ("https://example.com/@user", true),
        ("mailto:a@example.com", true),
        ("https://münchen.example", true),
        ("javascript:alert(1)", false),
        ("data:text/html,x", false),
        ("file:///etc/passwd", false),
        ("vbscript:x", false),
        ("https:example.com", false),
        ("https://", false),
        ("https:///path", false),
        ("//example.com", false),
        ("https://bank.example@evil.example/", false),
        ("https://user:pw@evil.example", false),
        ("https://evil.example\\@bank.example", false),
        ("https://a.example/ b", false),
        ("https://a.example/\u{202e}b", false),
        ("https://a.example/\x1b", false),
        ("https://a.example/>x", false),
        (" https://a.example", false),
        ("mailto:a", false),
        ("mailto:@b", false),
        ("", false),
    ] {
        assert_eq!(is_safe_link(url), safe, "{url:?}");
    }
}

proptest! {
    #[test]
    fn nothing_forbidden_survives(input in any::<String>()) {
        assert_every_sanitiser(&input);
    }

    #[test]
    fn nothing_forbidden_survives_among_tricks(
        input in "([a#@.`|\\\\<]|[\u{0}-\u{a0}]|[\u{200b}-\u{202e}]|[\u{fe00}-\u{fe0f}]|[\u{300}-\u{304}]|[👩❤]|\u{20e3}){0,40}"
    ) {
        assert_every_sanitiser(&input);
    }
}
