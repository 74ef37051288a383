//! A record in memory: for tests, and for bytes that came from elsewhere.

use std::collections::BTreeMap;

use super::Source;
use crate::error::StoreError;

/// The public side of a record in memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemorySource {
    /// The files, by path relative to the public side.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl MemorySource {
    /// Loads everything that another source can list.
    ///
    /// # Errors
    /// As [`Source::get`]; [`StoreError::Invalid`] if the source cannot list its files.
    pub fn load(source: &dyn Source) -> Result<MemorySource, StoreError> {
        let cannot = || StoreError::Invalid(format!("{}: cannot list its files", source.name()));
        let mut files = BTreeMap::new();
        for path in source.list()?.ok_or_else(cannot)? {
            if let Some(bytes) = source.get(&path, u64::MAX)? {
                files.insert(path, bytes);
            }
        }
        Ok(MemorySource { files })
    }
}

impl Source for MemorySource {
    fn get(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>, StoreError> {
        match self.files.get(path) {
            Some(bytes) if u64::try_from(bytes.len()).is_ok_and(|length| length > most) => {
                Err(StoreError::TooLarge { path: path.to_owned(), most })
            }
            found => Ok(found.cloned()),
        }
    }

    fn list(&self) -> Result<Option<Vec<String>>, StoreError> {
        Ok(Some(self.files.keys().cloned().collect()))
    }

    fn name(&self) -> String {
        "memory".to_owned()
    }
}
