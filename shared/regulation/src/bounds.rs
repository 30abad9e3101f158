//! How large and how deep a file may be, looked at before it is parsed: nothing that reads a tree may recurse without end.

/// The largest file, in bytes: many times what a jurist writes.
pub(crate) const MAX_FILE: usize = 256 << 10;
/// The deepest nesting of brackets, and the most parts of a dotted key.
pub(crate) const MAX_NESTING: usize = 16;
/// The most faults that are told of a file; who has more begins with these.
pub(crate) const MAX_FAULTS: usize = 1000;

/// Where a file nests deeper than it may, by brackets or by dots of a key.
pub(crate) fn too_deep(source: &str) -> Option<usize> {
    let bytes = source.as_bytes();
    let (mut at, mut brackets, mut dots) = (0, 0_usize, 0_usize);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'#' => at += length_until(bytes.get(at..)?, b"\n"),
            b'"' | b'\'' => {
                at += string(bytes.get(at..)?, byte);
                continue;
            }
            b'[' | b'{' => brackets += 1,
            b']' | b'}' => brackets = brackets.saturating_sub(1),
            b'.' => dots += 1,
            _ => {}
        }
        if matches!(byte, b'\n' | b'=' | b',' | b'[' | b'{' | b'#') {
            dots = 0;
        }
        if brackets > MAX_NESTING || dots >= MAX_NESTING {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// The bytes of a string, from its first quotation mark on; one that does not end is a fault of the parser's.
fn string(rest: &[u8], quote: u8) -> usize {
    let three = [quote; 3];
    let escapes = quote == b'"';
    let close: &[u8] = if rest.starts_with(&three) { &three } else { std::slice::from_ref(&quote) };
    let lines = close.len() == three.len();
    let mut at = close.len();
    while let Some(byte) = rest.get(at) {
        if escapes && *byte == b'\\' {
            at += 2;
        } else if rest.get(at..).is_some_and(|rest| rest.starts_with(close)) {
            return at + close.len();
        } else if *byte == b'\n' && !lines {
            return at;
        } else {
            at += 1;
        }
    }
    rest.len()
}

/// How many bytes there are before a pattern, or to the end.
fn length_until(rest: &[u8], pattern: &[u8]) -> usize {
    rest.windows(pattern.len()).position(|window| window == pattern).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_and_dots_are_counted_outside_of_strings_and_comments() {
        let deep = |source: &str| too_deep(source);
        assert_eq!(deep(&format!("x = {}1{}", "[".repeat(16), "]".repeat(16))), None);
        assert_eq!(deep(&format!("x = {}", "[".repeat(17))), Some(20));
        assert_eq!(deep(&format!("a{} = 1", ".a".repeat(15))), None);
        assert!(deep(&format!("a{} = 1", ".a".repeat(16))).is_some());
        assert!(deep(&format!("[a{}]", ".\"a\"".repeat(16))).is_some());
        for quoted in ["\"{}\"", "'{}'", "\"\"\"\n{}\"\"\"", "'''{}'''", "1 # {}", "\"\\\"{}\""] {
            let source = format!("x = {}\ny = [1]\n", quoted.replace("{}", &"[.".repeat(40)));
            assert_eq!(deep(&source), None, "{source}");
        }
        // A string that does not end hides nothing of the next line.
        assert!(deep(&format!("x = \"a\ny = {}", "[".repeat(17))).is_some());
    }
}
