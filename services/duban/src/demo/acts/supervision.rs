//! More time, asked for and granted (17).

use access::Role;
use duban_proto::supervision::v1 as wire;

use super::{Case, Stage, Stopped};
use crate::demo::cast::Person;

impl Stage {
    pub(super) async fn request_extension(&self, case: &mut Case) -> Result<(), Stopped> {
        let request = wire::RequestExtensionRequest {
            request_id: self.request_id(),
            case_id: case.id.clone(),
            term: case.term,
            length: "20 workdays".to_owned(),
            reason: "涉及多个部门的历史资料,需要逐一核对。".to_owned(),
        };
        let handler = Person::new(&case.holder, Role::Handler);
        let done = self.cast.supervision(&handler)?.request_extension(request).await?.into_inner();
        case.extension = done.extension.map(|extension| extension.extension_id).unwrap_or_default();
        Ok(())
    }

    pub(super) async fn decide_extension(&self, case: &mut Case) -> Result<(), Stopped> {
        let request = wire::DecideExtensionRequest {
            request_id: self.request_id(),
            case_id: case.id.clone(),
            extension_id: case.extension.clone(),
            granted: true,
            told: "情况复杂,需要核对多个部门的历史资料".to_owned(),
            refusal: String::new(),
        };
        let head = Person::new(&case.holder, Role::Head);
        self.cast.supervision(&head)?.decide_extension(request).await?;
        Ok(())
    }
}
