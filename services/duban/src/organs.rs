//! The organs of a file, imported by command or at the first start of an instance.

use std::path::{Path, PathBuf};

use duban_proto::common::v1::{Organ, OrganKind};
use duban_proto::routing::v1::directory_service_client::DirectoryServiceClient;
use duban_proto::routing::v1::{
    ExportOrgansRequest, ExportOrgansResponse, ImportOrgansRequest, ImportOrgansResponse, ListOrgansRequest,
    OrganFormat,
};

use crate::client::{ConnectError, Endpoint, Fault};
use crate::samples::{self, DirectoryFileError};

/// Why the organs are not there.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file can't be read.
    #[error("cannot read the organs in {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not one of organs.
    #[error(transparent)]
    File(#[from] DirectoryFileError),
    /// Routing can't be reached.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// A token can't be made.
    #[error(transparent)]
    Token(#[from] access::DevKeyError),
    /// Routing refuses.
    #[error("routing refuses the organs")]
    Refused(#[source] Fault),
    /// The other services do not hear of them.
    #[error("the other services did not hear of the organs in time")]
    NotHeard,
}

/// The organs of a file, CSV by its name or else JSON; or the samples'.
pub(crate) fn of_file(file: Option<&Path>) -> Result<Vec<Organ>, ImportError> {
    let Some(path) = file else { return Ok(samples::organs(samples::DIRECTORY)?) };
    let text = std::fs::read_to_string(path)
        .map_err(|source| ImportError::Read { path: path.to_owned(), source })?;
    let csv = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    if csv { Ok(directory::file::from_csv(&text)?) } else { Ok(samples::organs(&text)?) }
}

/// The directory as a file, whole or what is below an organ.
pub(crate) async fn export(
    routing: Endpoint,
    format: OrganFormat,
    below: String,
) -> Result<ExportOrgansResponse, ImportError> {
    let request = ExportOrgansRequest { format: format.into(), below };
    let done = DirectoryServiceClient::new(routing).export_organs(request).await;
    Ok(done.map_err(|status| ImportError::Refused(status.into()))?.into_inner())
}

/// The centre: the top of the organs that take complaints in.
pub(crate) fn centre(organs: &[Organ]) -> &str {
    let centre = organs.iter().find(|organ| organ.kind() == OrganKind::Centre);
    centre.map_or("", |organ| organ.code.as_str())
}

/// Whether routing knows any organs.
pub(crate) async fn are_known(routing: Endpoint) -> Result<bool, ImportError> {
    let request = ListOrgansRequest { page_size: 1, ..ListOrgansRequest::default() };
    let page = DirectoryServiceClient::new(routing).list_organs(request).await;
    let page = page.map_err(|status| ImportError::Refused(status.into()))?;
    Ok(!page.into_inner().organs.is_empty())
}

/// Imports the organs; tells how many were new, changed, as they are.
pub(crate) async fn import(
    routing: Endpoint,
    organs: Vec<Organ>,
    request_id: String,
) -> Result<ImportOrgansResponse, ImportError> {
    let request = ImportOrgansRequest { request_id, organs };
    let done = DirectoryServiceClient::new(routing).import_organs(request).await;
    Ok(done.map_err(|status| ImportError::Refused(status.into()))?.into_inner())
}
