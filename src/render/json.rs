//! Values for programs: one envelope, so that a reader can tell what it holds before it looks inside.

use serde::Serialize;

/// The version of the envelope and of every value in it. It changes when a reader could break.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Envelope<'a, T> {
    okr_json: u32,
    kind: &'a str,
    data: &'a T,
}

/// `{"okr_json": 1, "kind": …, "data": …}`, indented, with a newline at the end.
pub fn envelope<T: Serialize>(kind: &str, value: &T) -> serde_json::Result<String> {
    let mut json = serde_json::to_string_pretty(&Envelope { okr_json: VERSION, kind, data: value })?;
    json.push('\n');
    Ok(json)
}

#[cfg(test)]
mod tests {
    use super::envelope;

    #[test]
    fn the_envelope_says_what_it_holds() {
        let expected = "{\n  \"okr_json\": 1,\n  \"kind\": \"bets\",\n  \"data\": [\n    \"a\"\n  ]\n}\n";
        assert_eq!(envelope("bets", &["a"]).unwrap(), expected);
    }
}
