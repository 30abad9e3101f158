/// Why the directory could not be read.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// A row is not an organ.
    #[error("organ_directory.body of {code} is damaged")]
    Damaged {
        /// The organ's code.
        code: String,
        /// What is wrong.
        source: prost::DecodeError,
    },
    /// The database failed.
    #[error("the directory can't be read from the database")]
    Database(#[from] sqlx::Error),
}

impl From<DirectoryError> for server::Error {
    fn from(error: DirectoryError) -> Self {
        match error {
            DirectoryError::Database(error) => error.into(),
            DirectoryError::Damaged { .. } => Self::internal(error),
        }
    }
}
