//! Strict standard Base64 (RFC 4648 section 4): padding required, no white space, no loose bits in the last group.
//!
//! Strictness matters: with loose bits one signature would have several spellings, and a signed note several byte forms.

use base64ct::{Base64, Encoding};

/// How many characters [`check`] decodes at a time: a multiple of four, so that every piece stands alone.
const PIECE: usize = 1024;

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

/// Checks `text` without allocating: the number of bytes it stands for and the first four of them (zero if fewer).
pub(crate) fn check(text: &str) -> Option<(usize, [u8; 4])> {
    let mut buffer = [0u8; PIECE / 4 * 3];
    let mut first = [0u8; 4];
    let mut total = 0usize;
    let mut pieces = text.as_bytes().chunks(PIECE).peekable();
    while let Some(piece) = pieces.next() {
        let bytes = Base64::decode(piece, &mut buffer).ok()?;
        if pieces.peek().is_some() && bytes.len() != PIECE / 4 * 3 {
            return None; // padding before the end
        }
        if total == 0 {
            for (to, from) in first.iter_mut().zip(bytes) {
                *to = *from;
            }
        }
        total = total.checked_add(bytes.len())?;
    }
    Some((total, first))
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
    fn checking_agrees_with_decoding_across_pieces() {
        for length in [0usize, 1, 3, 4, 767, 768, 769, 1535, 1536, 1537, 5000] {
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
}
