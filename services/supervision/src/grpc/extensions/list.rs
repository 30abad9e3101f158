//! `ListExtensions`, and the reasons of extensions.

use duban_proto::supervision::v1::{
    self as wire, ExtensionState, ListExtensionsRequest, ListExtensionsResponse,
};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use server::page::{PageToken, page_size};
use server::{Caller, Error};

use super::Grpc;
use crate::domain::answer;
use crate::store::{self, Asked, ExtensionKey};

/// How many reasons are opened at once.
const AT_ONCE: usize = 4;

impl Grpc {
    pub(in crate::grpc) async fn extensions(
        &self,
        caller: &Caller,
        request: ListExtensionsRequest,
    ) -> Result<ListExtensionsResponse, Error> {
        let ListExtensionsRequest { organ, open_only, page_size: size, page_token } = request;
        let directory = self.directory(caller, &organ).await?;
        let organs = directory.visible(caller.visibility_of(&organ, directory.tree())?);
        let tokens = PageToken::of("ListExtensions").filter(&organ).filter([u8::from(open_only)]);
        let after: Option<ExtensionKey> = tokens.decode(&page_token)?;
        let size = page_size(size);
        let asked = store::list_extensions(self.pool(), &organs, open_only, after, size).await?;
        let next_page_token =
            crate::grpc::next(&tokens, &asked, size, |asked| ExtensionKey::of(&asked.extension))?;
        let told = stream::iter(asked).map(|asked| self.told_extension(asked)).buffered(AT_ONCE);
        Ok(ListExtensionsResponse { extensions: told.try_collect().await?, next_page_token })
    }

    async fn told_extension(&self, asked: Asked) -> Result<wire::Extension, Error> {
        let Asked { organ, extension } = asked;
        let case_id = extension.clock.case_id;
        let reason = self.words(&organ, case_id, Some(&extension.reason)).await?;
        let words = self.words(&organ, case_id, Some(&extension.words)).await?;
        let granted = extension.state == ExtensionState::Granted;
        let (told, refusal) = if granted { (words, String::new()) } else { (String::new(), words) };
        Ok(wire::Extension { reason, told, refusal, ..answer::extension(&organ, &extension) })
    }
}
