//! What goes out for a reply: for the couriers, which have no caller.

use content::Draft;
use server::Error;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::Grpc;
use super::seal::Item;
use crate::domain::{Case, Reply};

impl Grpc {
    /// The text of a reply: that of the first attempt, which is kept; or a new one, to be kept. Empty where the regulation has
    /// no words for it.
    pub(crate) async fn text_to_send(
        &self,
        organ: &str,
        case: &Case,
        reply: &Reply,
    ) -> Result<(Zeroizing<String>, Option<Draft>), Error> {
        if let Some(kept) = reply.delivery.begun.as_ref().and_then(|begun| begun.text.as_ref()) {
            let item_id = Uuid::try_parse(&kept.item_id).map_err(Error::internal)?;
            let text = self.vault.read_text(organ, case.case_id, item_id, kept.version).await?;
            return Ok((text, None));
        }
        let text = Zeroizing::new(self.reply_text(organ, case, reply).await?);
        if text.is_empty() {
            return Ok((text, None));
        }
        let key = self.key(organ, case.case_id).await?;
        let item = Item { organ, case_id: case.case_id, id: self.new_id(), version: 1, kind: "reply" };
        let draft = self.draft(&key, &item, text.as_bytes())?;
        Ok((text, Some(draft)))
    }
}
