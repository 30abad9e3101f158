//! `directory.json`: an array of organs.

use duban_proto::common::v1::Organ;

/// Why a file of organs can't be used.
pub use directory::file::FileError as DirectoryFileError;

/// The organs of such a file, parents before children.
pub fn organs(text: &str) -> Result<Vec<Organ>, DirectoryFileError> {
    directory::file::from_json(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_organs_come_parents_first() {
        let organs = organs(super::super::DIRECTORY).unwrap();
        assert_eq!(organs.len(), 98);
        for (place, organ) in organs.iter().enumerate() {
            let before = organs.iter().take(place).any(|above| above.code == organ.parent);
            assert!(organ.parent.is_empty() || before, "{}", organ.code);
        }
    }
}
