//! Verifier keys and signing keys (signed-note, "Verifier keys" and "Signature types").

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signature, Signer, VerifyingKey};
use zeroize::Zeroizing;

use crate::note::SignatureLine;
use crate::{base64, cosignature, hash};

/// Signature type 0x01: Ed25519 over the note's text.
pub(crate) const TYPE_ED25519: u8 = 0x01;
/// Signature type 0x04: timestamped Ed25519 cosignature of a checkpoint.
pub(crate) const TYPE_COSIGNATURE: u8 = 0x04;
/// Signature type 0x06: timestamped ML-DSA-44 cosignature (see [`crate::mldsa`]).
pub(crate) const TYPE_MLDSA44: u8 = 0x06;

const PRIVATE_PREFIX: &str = "PRIVATE+KEY+";

/// What is wrong with a key's text or bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The text is not `name+hhhhhhhh+base64`.
    #[error("not a verifier key: expected \"name+8 hexadecimal digits+base64\"")]
    Format,
    /// The text is not `PRIVATE+KEY+name+hhhhhhhh+base64`.
    #[error("not a signing key: expected \"PRIVATE+KEY+name+8 hexadecimal digits+base64\"")]
    PrivateFormat,
    /// The name is empty, or holds a `+`, white space or a control character.
    #[error("key name {0:?} is empty or holds a plus sign, white space or a control character")]
    Name(String),
    /// The key id in the text is not the one that name, type and key have.
    #[error(
        "key id {found:08x} does not belong to this name and key (it should be {expected:08x}): was the text altered?"
    )]
    Id {
        /// The id that the text states.
        found: u32,
        /// The id computed from name, type and key.
        expected: u32,
    },
    /// The signature type is one that this type of key does not read.
    #[error("signature type 0x{0:02x} is not supported here")]
    Unsupported(u8),
    /// The key has the wrong number of bytes for its type.
    #[error("the key holds {0} bytes, which is not the length of its type")]
    Length(usize),
    /// The bytes are no point, not the canonical form of one, or a point of small order.
    #[error("the Ed25519 public key is invalid, not canonical or of small order")]
    Weak,
}

/// Whether `name` may stand in a signature line: not empty, no Unicode space, no `+`, no control character below U+0020.
#[must_use]
pub fn is_valid_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c == '+' || c < ' ' || c.is_whitespace())
}

/// SHA-256(name || 0x0A || type || public key), first four bytes, big-endian.
#[must_use]
pub fn key_id(name: &str, signature_type: u8, public: &[u8]) -> u32 {
    let mut input = Vec::with_capacity(name.len().saturating_add(public.len()).saturating_add(2));
    input.extend_from_slice(name.as_bytes());
    input.push(b'\n');
    input.push(signature_type);
    input.extend_from_slice(public);
    let [a, b, c, d, ..] = hash::sha256(&input).0;
    u32::from_be_bytes([a, b, c, d])
}

/// The parts of `name+id+base64`: name, id, decoded bytes (signature type first).
pub(crate) fn split_vkey(text: &str) -> Result<(&str, u32, Vec<u8>), KeyError> {
    let (name, rest) = text.split_once('+').ok_or(KeyError::Format)?;
    let (id, data) = rest.split_once('+').ok_or(KeyError::Format)?;
    if !is_valid_name(name) {
        return Err(KeyError::Name(name.to_owned()));
    }
    let id = parse_id(id).ok_or(KeyError::Format)?;
    let data = base64::decode(data).ok_or(KeyError::Format)?;
    Ok((name, id, data))
}

/// Eight lower-case hexadecimal digits.
fn parse_id(text: &str) -> Option<u32> {
    if text.len() != 8 || text.bytes().any(|b| b.is_ascii_uppercase()) {
        return None;
    }
    text.bytes().try_fold(0u32, |id, digit| Some(id << 4 | u32::from(hash::hex_digit(digit)?)))
}

/// What a [`VerifierKey`] verifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyKind {
    /// Type 0x01: an Ed25519 signature of the text.
    Ed25519,
    /// Type 0x04: a timestamped Ed25519 cosignature of a checkpoint (tlog-cosignature v1).
    Cosignature,
}

impl KeyKind {
    /// The signature type byte.
    #[must_use]
    pub fn signature_type(self) -> u8 {
        match self {
            KeyKind::Ed25519 => TYPE_ED25519,
            KeyKind::Cosignature => TYPE_COSIGNATURE,
        }
    }

    fn from_type(byte: u8) -> Result<KeyKind, KeyError> {
        match byte {
            TYPE_ED25519 => Ok(KeyKind::Ed25519),
            TYPE_COSIGNATURE => Ok(KeyKind::Cosignature),
            other => Err(KeyError::Unsupported(other)),
        }
    }
}

/// A public key with its name: `name+id+base64(type || key)`.
///
/// Two keys are equal if name, kind and public key are. The point is decompressed once, when the key is made.
#[derive(Clone)]
pub struct VerifierKey {
    name: String,
    id: u32,
    kind: KeyKind,
    point: VerifyingKey,
}

impl VerifierKey {
    /// Reads `name+hhhhhhhh+base64`.
    ///
    /// # Errors
    /// [`KeyError`]; a signature type other than 0x01 and 0x04 gives [`KeyError::Unsupported`].
    pub fn parse(text: &str) -> Result<VerifierKey, KeyError> {
        let (name, found, data) = split_vkey(text)?;
        let (signature_type, public) = data.split_first().ok_or(KeyError::Format)?;
        let kind = KeyKind::from_type(*signature_type)?;
        let public: &[u8; 32] = public.try_into().map_err(|_| KeyError::Length(public.len()))?;
        let key = VerifierKey::from_public(name, kind, *public)?;
        if key.id != found {
            return Err(KeyError::Id { found, expected: key.id });
        }
        Ok(key)
    }

    /// A key from its 32 bytes (RFC 8032 encoding).
    ///
    /// # Errors
    /// [`KeyError::Name`], or [`KeyError::Weak`] if the bytes are no point, are not its canonical form, or the point has small order.
    pub fn from_public(name: &str, kind: KeyKind, public: [u8; 32]) -> Result<VerifierKey, KeyError> {
        if !is_valid_name(name) {
            return Err(KeyError::Name(name.to_owned()));
        }
        let point = VerifyingKey::from_bytes(&public).map_err(|_| KeyError::Weak)?;
        let canonical = point.to_edwards().compress().to_bytes() == public;
        if point.is_weak() || !canonical {
            return Err(KeyError::Weak);
        }
        let id = key_id(name, kind.signature_type(), &public);
        Ok(VerifierKey { name: name.to_owned(), id, kind, point })
    }

    /// The key's name, as signature lines write it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key id, as signature lines begin with it.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.id
    }

    /// What the key verifies.
    #[must_use]
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The 32 bytes of the public key.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        self.point.to_bytes()
    }

    /// Whether the point lies in the prime-order subgroup, as every honestly made key does.
    ///
    /// Costs about as much as one verification; meant for the moment when a key is registered.
    #[must_use]
    pub fn is_torsion_free(&self) -> bool {
        self.point.to_edwards().is_torsion_free()
    }

    /// Verifies one signature: `signature` is what follows the key id in a signature line.
    ///
    /// For [`KeyKind::Ed25519`] that is 64 bytes over `text`; for [`KeyKind::Cosignature`] 8 bytes of time and 64 of signature, and `text`
    /// must be a checkpoint body. Verification is strict: RFC 8032 without cofactor, canonical encodings, no small-order points.
    #[must_use]
    pub fn verify(&self, text: &[u8], signature: &[u8]) -> bool {
        match self.kind {
            KeyKind::Ed25519 => self.verify_raw(text, signature),
            KeyKind::Cosignature => match std::str::from_utf8(text) {
                Ok(body) => cosignature::verify(self, body, signature).is_some(),
                Err(_) => false,
            },
        }
    }

    /// The bare Ed25519 check of 64 bytes over `message`, whatever the kind.
    pub(crate) fn verify_raw(&self, message: &[u8], signature: &[u8]) -> bool {
        match Signature::from_slice(signature) {
            Ok(signature) => self.point.verify_strict(message, &signature).is_ok(),
            Err(_) => false,
        }
    }
}

impl PartialEq for VerifierKey {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.kind == other.kind && self.public() == other.public()
    }
}

impl Eq for VerifierKey {}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut data = Vec::with_capacity(33);
        data.push(self.kind.signature_type());
        data.extend_from_slice(&self.public());
        write!(f, "{}+{:08x}+{}", self.name, self.id, base64::encode(&data))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({self})")
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<VerifierKey, KeyError> {
        VerifierKey::parse(text)
    }
}

/// A name and an Ed25519 secret for one kind of signature; shared by [`SigningKey`] and [`crate::CosigningKey`].
pub(crate) struct Secret {
    verifier: VerifierKey,
    key: ed25519_dalek::SigningKey,
}

impl Secret {
    pub(crate) fn from_seed(name: &str, kind: KeyKind, seed: &[u8; 32]) -> Result<Secret, KeyError> {
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        let verifier = VerifierKey::from_public(name, kind, key.verifying_key().to_bytes())?;
        Ok(Secret { verifier, key })
    }

    pub(crate) fn parse(text: &str, kind: KeyKind) -> Result<Secret, KeyError> {
        let rest = text.strip_prefix(PRIVATE_PREFIX).ok_or(KeyError::PrivateFormat)?;
        let (name, rest) = rest.split_once('+').ok_or(KeyError::PrivateFormat)?;
        let (id, data) = rest.split_once('+').ok_or(KeyError::PrivateFormat)?;
        let found = parse_id(id).ok_or(KeyError::PrivateFormat)?;
        let data = Zeroizing::new(base64::decode_array::<33>(data).ok_or(KeyError::PrivateFormat)?);
        let [signature_type, seed @ ..] = &*data;
        if *signature_type != kind.signature_type() {
            return Err(KeyError::Unsupported(*signature_type));
        }
        let secret = Secret::from_seed(name, kind, seed)?;
        let expected = secret.verifier.id;
        if expected != found {
            return Err(KeyError::Id { found, expected });
        }
        Ok(secret)
    }

    pub(crate) fn encode(&self) -> String {
        let mut data = Zeroizing::new([0u8; 33]);
        let [signature_type, seed @ ..] = &mut *data;
        *signature_type = self.verifier.kind.signature_type();
        seed.copy_from_slice(self.key.as_bytes());
        let coded = Zeroizing::new(base64::encode(&*data));
        format!("{PRIVATE_PREFIX}{}+{:08x}+{}", self.verifier.name, self.verifier.id, *coded)
    }

    pub(crate) fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.key.sign(message).to_bytes()
    }
}

/// What both types of secret key can do: made of a seed, read, written, shown without the secret.
macro_rules! secret_key {
    ($name:ident, $kind:expr, $text:literal) => {
        impl $name {
            /// The key of a 32-byte seed (RFC 8032). The seed must come from a good source of randomness; this crate has none.
            ///
            /// # Errors
            /// [`KeyError::Name`]($crate::key::KeyError::Name).
            pub fn from_seed(name: &str, seed: [u8; 32]) -> Result<$name, $crate::key::KeyError> {
                let seed = zeroize::Zeroizing::new(seed);
                $crate::key::Secret::from_seed(name, $kind, &seed).map($name)
            }

            #[doc = concat!("Reads `", $text, "`, the form of Go's `note` package.")]
            ///
            /// # Errors
            /// [`KeyError`]($crate::key::KeyError).
            pub fn parse(text: &str) -> Result<$name, $crate::key::KeyError> {
                $crate::key::Secret::parse(text, $kind).map($name)
            }

            #[doc = concat!("Writes what [`", stringify!($name), "::parse`] reads.")]
            /// The text holds the secret: keep it where only the signer reads it.
            #[must_use]
            pub fn encode(&self) -> String {
                self.0.encode()
            }

            /// The public half.
            #[must_use]
            pub fn verifier(&self) -> $crate::key::VerifierKey {
                self.0.verifier().clone()
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({}, secret not shown)"), self.0.verifier())
            }
        }
    };
}
pub(crate) use secret_key;

secret_key!(SigningKey, KeyKind::Ed25519, "PRIVATE+KEY+name+hhhhhhhh+base64(0x01 || seed)");

/// A secret Ed25519 key (type 0x01) with its name. The secret is wiped from memory on drop; `Debug` does not show it.
pub struct SigningKey(Secret);

impl SigningKey {
    /// The key's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.verifier().name()
    }

    /// Signs `text` exactly as given (a note's text ends with a newline) and returns the signature line. Deterministic.
    #[must_use]
    pub fn sign(&self, text: &str) -> SignatureLine {
        let verifier = self.0.verifier();
        SignatureLine { name: verifier.name.clone(), id: verifier.id, signature: self.0.sign(text.as_bytes()).to_vec() }
    }
}
