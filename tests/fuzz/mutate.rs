//! Mutations of bytes: flips, cuts, copies, splices of two inputs, and words that parsers care about.

/// What parsers of TOML, messages, trees and dates trip over.
const WORDS: [&[u8]; 40] = [
    b"\0",
    b"\n",
    b"\r\n",
    b"\xff",
    b"\xe2\x80\xae",
    b"\x1b[31m",
    b"\xef\xbb\xbf",
    b"\"",
    b"\"\"\"",
    b"'''",
    b"=",
    b"[",
    b"]]",
    b"[[",
    b"{",
    b"}",
    b"#",
    b"\\u0000",
    b"\\x1b",
    b"nan",
    b"-inf",
    b"1e999",
    b"9223372036854775808",
    b"-1",
    b"0001-01-01",
    b"9999-12-31T23:59:59-23:59",
    b"2026-02-30",
    b"+99:99",
    b"tree ",
    b"parent ",
    b"100644 ",
    b"40000 ",
    b"120000 x\0",
    b"(#1)",
    b"#99999999999999999999",
    b"Co-authored-by: ",
    b"https://",
    b": ",
    b"..",
    b"/",
];

/// The longest input.
const LONGEST: usize = 64 << 10;

/// Makes inputs out of others.
pub(crate) struct Mutator {
    state: u64,
    seeds: Vec<Vec<u8>>,
}

impl Mutator {
    pub(crate) fn new(seed: u64, seeds: Vec<Vec<u8>>) -> Self {
        Self { state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1, seeds }
    }

    fn below(&mut self, limit: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from(self.state >> 32).unwrap() % limit.max(1)
    }

    /// Another input: one of the corpus with a few mutations.
    pub(crate) fn next(&mut self) -> Vec<u8> {
        let at = self.below(self.seeds.len());
        let mut input = self.seeds[at].clone();
        for _ in 0..=self.below(6) {
            self.mutate(&mut input);
        }
        input.truncate(LONGEST);
        input
    }

    fn mutate(&mut self, input: &mut Vec<u8>) {
        let at = self.below(input.len() + 1);
        let end = at + self.below((input.len() - at + 1).min(200));
        match self.below(9) {
            0 if at < input.len() => input[at] ^= 1 << self.below(8),
            1 if at < input.len() => input[at] = u8::try_from(self.below(256)).unwrap(),
            2 => drop(input.drain(at..end)),
            3 => input.truncate(at),
            4 => {
                let part = input[at..end].to_vec();
                let to = self.below(input.len() + 1);
                drop(input.splice(to..to, part));
            }
            5 => {
                // The same over and over: what costs more than it is long shows.
                let part = input[at..end].repeat(self.below(64) + 1);
                drop(input.splice(at..end, part));
            }
            6 => {
                let other = self.below(self.seeds.len());
                let other = self.seeds[other].clone();
                let (from, upto) = (self.below(other.len() + 1), self.below(other.len() + 1));
                drop(input.splice(at..end, other[from.min(upto)..from.max(upto)].to_vec()));
            }
            _ => {
                let word = WORDS[self.below(WORDS.len())];
                drop(input.splice(at..end.min(at + 4), word.to_vec()));
            }
        }
        input.truncate(LONGEST);
    }
}
