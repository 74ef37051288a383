//! ML-DSA-44 cosignatures: signature type 0x06 of tlog-cosignature (v1.1 draft), safe against quantum computers.
//!
//! Unlike the Ed25519 form they name the cosigner and can speak of a subtree; unlike it they do not cover a checkpoint's extension lines.

use std::fmt;

use ml_dsa::{EncodedVerifyingKey, KeyInit as _, Keypair as _, MlDsa44, Signature, VerifyingKey};

use crate::base64;
use crate::checkpoint::Checkpoint;
use crate::cosignature::{CosignError, MAX_TIME};
use crate::hash::Hash;
use crate::key::{KeyError, TYPE_MLDSA44, is_valid_name, key_id, split_vkey};
use crate::note::SignatureLine;

/// Bytes of a public key.
pub const PUBLIC_LEN: usize = 1312;
/// Bytes of a signature, without time and key id.
pub const SIGNATURE_LEN: usize = 2420;

/// The bytes that a 0x06 cosignature signs: the structure `cosigned_message` of tlog-cosignature.
///
/// `time` is 0 if none is stated, and must be if `start` is not 0. For a checkpoint, `start` is 0 and `end` the size.
///
/// # Errors
/// [`CosignError::Name`] for names of no or more than 255 bytes, [`CosignError::Time`].
pub fn message(
    cosigner: &str,
    time: u64,
    origin: &str,
    start: u64,
    end: u64,
    root: &Hash,
) -> Result<Vec<u8>, CosignError> {
    if time > MAX_TIME || (start != 0 && time != 0) {
        return Err(CosignError::Time(time));
    }
    let mut out = b"subtree/v1\n\0".to_vec();
    push_name(&mut out, cosigner)?;
    out.extend_from_slice(&time.to_be_bytes());
    push_name(&mut out, origin)?;
    out.extend_from_slice(&start.to_be_bytes());
    out.extend_from_slice(&end.to_be_bytes());
    out.extend_from_slice(root.as_bytes());
    Ok(out)
}

fn push_name(out: &mut Vec<u8>, name: &str) -> Result<(), CosignError> {
    let length = u8::try_from(name.len()).ok().filter(|length| *length > 0);
    out.push(length.ok_or_else(|| CosignError::Name(name.to_owned()))?);
    out.extend_from_slice(name.as_bytes());
    Ok(())
}

/// The public key of an ML-DSA-44 cosigner: `name+id+base64(0x06 || 1,312 bytes)`.
#[derive(Clone)]
pub struct MlDsaKey {
    name: String,
    id: u32,
    public: Box<[u8]>,
    key: Box<VerifyingKey<MlDsa44>>,
}

impl MlDsaKey {
    /// Reads the verifier key's text.
    ///
    /// # Errors
    /// [`KeyError`]; a type other than 0x06 gives [`KeyError::Unsupported`].
    pub fn parse(text: &str) -> Result<MlDsaKey, KeyError> {
        let (name, found, data) = split_vkey(text)?;
        match data.split_first() {
            Some((&TYPE_MLDSA44, public)) => {
                let key = MlDsaKey::from_public(name, public)?;
                if key.id == found { Ok(key) } else { Err(KeyError::Id { found, expected: key.id }) }
            }
            Some((other, _)) => Err(KeyError::Unsupported(*other)),
            None => Err(KeyError::Format),
        }
    }

    /// A key from its 1,312 bytes (FIPS 204 encoding).
    ///
    /// # Errors
    /// [`KeyError::Name`], [`KeyError::Length`].
    pub fn from_public(name: &str, public: &[u8]) -> Result<MlDsaKey, KeyError> {
        if !is_valid_name(name) {
            return Err(KeyError::Name(name.to_owned()));
        }
        let encoded = EncodedVerifyingKey::<MlDsa44>::try_from(public).map_err(|_| KeyError::Length(public.len()))?;
        let key = Box::new(VerifyingKey::decode(&encoded));
        Ok(MlDsaKey { name: name.to_owned(), id: key_id(name, TYPE_MLDSA44, public), public: public.into(), key })
    }

    /// The key's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key's id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.id
    }

    /// The 1,312 bytes of the key.
    #[must_use]
    pub fn public(&self) -> &[u8] {
        &self.public
    }

    /// Verifies what follows the key id in a line (8 bytes of time, 2,420 of signature) as a cosignature of the subtree `[start, end)`;
    /// returns the time, 0 if none was stated.
    #[must_use]
    pub fn verify_subtree(&self, origin: &str, start: u64, end: u64, root: &Hash, signature: &[u8]) -> Option<u64> {
        let (time, signature) = signature.split_first_chunk::<8>()?;
        let time = u64::from_be_bytes(*time);
        let signed = message(&self.name, time, origin, start, end, root).ok()?;
        let signature = Signature::<MlDsa44>::try_from(signature).ok()?;
        self.key.verify_with_context(&signed, b"", &signature).then_some(time)
    }

    /// As [`MlDsaKey::verify_subtree`], for the whole tree of a checkpoint.
    #[must_use]
    pub fn verify(&self, checkpoint: &Checkpoint, signature: &[u8]) -> Option<u64> {
        self.verify_subtree(&checkpoint.origin, 0, checkpoint.size, &checkpoint.root, signature)
    }

    /// As [`MlDsaKey::verify`], for a line; `None` also if the line is not by this key.
    #[must_use]
    pub fn verify_line(&self, checkpoint: &Checkpoint, line: &SignatureLine) -> Option<u64> {
        if line.name != self.name || line.id != self.id {
            return None;
        }
        self.verify(checkpoint, &line.signature)
    }
}

impl fmt::Display for MlDsaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut data = vec![TYPE_MLDSA44];
        data.extend_from_slice(&self.public);
        write!(f, "{}+{:08x}+{}", self.name, self.id, base64::encode(&data))
    }
}

impl fmt::Debug for MlDsaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MlDsaKey({}+{:08x})", self.name, self.id)
    }
}

impl PartialEq for MlDsaKey {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.public == other.public
    }
}

impl Eq for MlDsaKey {}

/// The secret key of an ML-DSA-44 cosigner. The secret is wiped on drop; `Debug` does not show it.
pub struct MlDsaCosigner {
    key: ml_dsa::SigningKey<MlDsa44>,
    verifier: MlDsaKey,
}

impl MlDsaCosigner {
    /// The key of a 32-byte seed (FIPS 204, `KeyGen_internal`), which must come from a good source of randomness.
    ///
    /// # Errors
    /// [`KeyError::Name`].
    pub fn from_seed(name: &str, seed: [u8; 32]) -> Result<MlDsaCosigner, KeyError> {
        let seed = zeroize::Zeroizing::new(seed);
        let key = ml_dsa::SigningKey::<MlDsa44>::new(&(*seed).into());
        let verifier = MlDsaKey::from_public(name, &key.verifying_key().encode())?;
        Ok(MlDsaCosigner { key, verifier })
    }

    /// The public half.
    #[must_use]
    pub fn verifier(&self) -> &MlDsaKey {
        &self.verifier
    }

    /// Cosigns a checkpoint at `time`, in seconds since 1970. Deterministic (FIPS 204 without hedging). Whoever calls this has checked consistency first.
    ///
    /// # Errors
    /// [`CosignError`].
    pub fn cosign(&self, checkpoint: &Checkpoint, time: u64) -> Result<SignatureLine, CosignError> {
        if time == 0 {
            return Err(CosignError::Time(time));
        }
        let signed = message(&self.verifier.name, time, &checkpoint.origin, 0, checkpoint.size, &checkpoint.root)?;
        let signature = self.key.expanded_key().sign_deterministic(&signed, b"").map_err(|_| CosignError::Signature)?;
        let mut payload = time.to_be_bytes().to_vec();
        payload.extend_from_slice(&signature.encode());
        Ok(SignatureLine { name: self.verifier.name.clone(), id: self.verifier.id, signature: payload })
    }
}

impl fmt::Debug for MlDsaCosigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MlDsaCosigner({:?}, secret not shown)", self.verifier)
    }
}
