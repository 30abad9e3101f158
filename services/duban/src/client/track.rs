//! How a case goes, for whoever has its number and tracking code.

use duban_proto::intake::v1::intake_service_client::IntakeServiceClient;
use duban_proto::intake::v1::{TrackCaseRequest, TrackCaseResponse};

use super::{Endpoint, Fault};

/// Asks for a case's progress.
pub async fn track(intake: Endpoint, number: &str, code: &str) -> Result<TrackCaseResponse, Fault> {
    let request = TrackCaseRequest { number: number.to_owned(), tracking_code: code.to_owned() };
    Ok(IntakeServiceClient::new(intake).track_case(request).await?.into_inner())
}
