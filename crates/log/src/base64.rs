//! Strict standard Base64 (RFC 4648 section 4): padding required, no white space, no loose bits in the last group.
//!
//! Strictness matters: with loose bits one signature would have several spellings, and a signed note several byte forms.

use base64ct::{Base64, Encoding};

/// The Base64 text of `bytes`, with padding.
pub(crate) fn encode(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

/// Exactly `N` bytes, or `None` if `text` is not the one strict spelling of `N` bytes.
pub(crate) fn decode_array<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != N.div_ceil(3) * 4 {
        return None;
    }
    let mut out = [0u8; N];
    let written = Base64::decode(text, &mut out).ok()?.len();
    (written == N).then_some(out)
}

/// The bytes of `text`, or `None` if it is not strict Base64.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    Base64::decode_vec(text).ok()
}

/// The bytes of `text` written to the front of `buffer`; `None` if it is not strict Base64 or does not fit.
pub(crate) fn decode_into<'b>(text: &str, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
    Base64::decode(text, buffer).ok()
}

/// Checks `text` without decoding all of it: the number of bytes it stands for and the first four of them (zero if fewer).
pub(crate) fn check(text: &str) -> Option<(usize, [u8; 4])> {
    let bytes = text.as_bytes();
    let Some(whole) = bytes.len().checked_sub(4) else {
        return bytes.is_empty().then_some((0, [0; 4]));
    };
    // Only the last group of four may hold padding, and only there can bits be loose: it alone is decoded, and what begins the text.
    let (groups, last) = bytes.split_at(whole);
    let plain = |b: &u8| b.is_ascii_alphanumeric() | (*b == b'+') | (*b == b'/');
    if whole % 4 != 0 || !groups.iter().fold(true, |all, b| all & plain(b)) {
        return None;
    }
    let rest = Base64::decode(last, &mut [0u8; 3]).ok()?.len();
    let mut head = [0u8; 6];
    let read = Base64::decode(bytes.get(..8).unwrap_or(bytes), &mut head).ok()?.len();
    let mut first = [0u8; 4];
    for (to, from) in first.iter_mut().zip(head.iter().take(read)) {
        *to = *from;
    }
    Some(((whole / 4).checked_mul(3)?.checked_add(rest)?, first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strict_spellings_only() {
        assert_eq!(decode("aGk="), Some(b"hi".to_vec()));
        for bad in ["aGk", "aGl=", "aGk= ", "aG\nk=", "aGk=aGk=", "-_==", "=", "a==="] {
            assert_eq!(decode(bad), None, "{bad:?}");
            assert_eq!(check(bad), None, "{bad:?}");
            assert_eq!(decode_array::<2>(bad), None, "{bad:?}");
        }
        assert_eq!(decode_array::<2>("aGk="), Some(*b"hi"));
        assert_eq!(decode_array::<3>("aGk="), None);
        assert_eq!(decode_array::<1>("aGk="), None);
    }

    #[test]
    fn checking_agrees_with_decoding() {
        for length in [0usize, 1, 2, 3, 4, 5, 6, 7, 68, 767, 768, 769, 5000] {
            let bytes: Vec<u8> = (0..length).map(|i| u8::try_from(i % 251).unwrap()).collect();
            let text = encode(&bytes);
            let (total, first) = check(&text).unwrap();
            assert_eq!(total, length);
            let mut want = [0u8; 4];
            for (to, from) in want.iter_mut().zip(&bytes) {
                *to = *from;
            }
            assert_eq!(first, want);
            assert_eq!(decode(&text).unwrap(), bytes);
        }
        let padded = format!("{}{}", encode(&[7u8; 767]), encode(&[7u8; 3]));
        assert_eq!(check(&padded), None, "padding in the middle");
    }

    proptest::proptest! {
        #[test]
        fn what_is_checked_is_what_decodes(text in "[AQgw/+]{0,13}[AQgw=/é]{0,4}") {
            let decoded = decode(&text);
            proptest::prop_assert_eq!(check(&text).map(|(total, _)| total), decoded.as_ref().map(Vec::len));
            let four = |b: &Vec<u8>| { let mut four = [0; 4]; four.iter_mut().zip(b).for_each(|(to, from)| *to = *from); four };
            proptest::prop_assert_eq!(check(&text).map(|(_, first)| first), decoded.as_ref().map(four));
        }
    }
}
