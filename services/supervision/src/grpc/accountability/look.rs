//! `GetAccountability`, `ListAccountability`.

use directory::Directory;
use duban_proto::supervision::v1::{
    AccountabilityFile, GetAccountabilityRequest, GetAccountabilityResponse, ListAccountabilityRequest,
    ListAccountabilityResponse,
};
use server::page::{PageToken, page_size};
use server::{Caller, Error, Violations};
use uuid::Uuid;

use crate::domain::File;
use crate::domain::notice_actions::file_actions;
use crate::grpc::Grpc;
use crate::grpc::notices::looking;
use crate::store::{self, FileKey, Kept};

impl Grpc {
    pub(in crate::grpc) async fn file(
        &self,
        caller: &Caller,
        request: GetAccountabilityRequest,
    ) -> Result<GetAccountabilityResponse, Error> {
        let GetAccountabilityRequest { case_id, file_id } = request;
        let mut check = Violations::default();
        let ids = (check.uuid("case_id", &case_id), check.uuid("file_id", &file_id));
        let (case_id, file_id) = check.finish_with(ids)?;
        let directory = self.directory(caller, "").await?;
        let kept = self.visible_file(caller, &directory, case_id, file_id).await?;
        let mut told = self.told_file(caller, &directory, &kept).await?;
        self.texts_of_file(&kept, &mut told).await?;
        Ok(GetAccountabilityResponse { file: Some(told) })
    }

    pub(in crate::grpc) async fn files(
        &self,
        caller: &Caller,
        request: ListAccountabilityRequest,
    ) -> Result<ListAccountabilityResponse, Error> {
        let ListAccountabilityRequest { organ, open_only, page_size: size, page_token } = request;
        let directory = self.directory(caller, &organ).await?;
        let organs = directory.visible(caller.visibility_of(&organ, directory.tree())?);
        let tokens = PageToken::of("ListAccountability").filter(&organ).filter([u8::from(open_only)]);
        let after: Option<FileKey> = tokens.decode(&page_token)?;
        let size = page_size(size);
        let listed = store::list_files(self.pool(), &organs, open_only, after, size).await?;
        let next_page_token = crate::grpc::next(&tokens, &listed, size, FileKey::of)?;
        let mut files = Vec::with_capacity(listed.len());
        for kept in &listed {
            files.push(self.told_file(caller, &directory, kept).await?);
        }
        Ok(ListAccountabilityResponse { files, next_page_token })
    }

    /// A file that the caller may see.
    pub(super) async fn visible_file(
        &self,
        caller: &Caller,
        directory: &Directory,
        case_id: Uuid,
        file_id: Uuid,
    ) -> Result<Kept, Error> {
        let organs = directory.visible(caller.visibility(directory.tree()));
        let found = store::find_file(self.pool(), &organs, case_id, file_id).await?;
        found.ok_or_else(|| Error::nothing_to_act_on("file", file_id))
    }

    /// The file after a command, as its caller is told it.
    pub(super) async fn acted_on_file(
        &self,
        caller: &Caller,
        answered: AccountabilityFile,
    ) -> Result<AccountabilityFile, Error> {
        let ids = (answered.case_id.parse(), answered.file_id.parse());
        let (case_id, file_id) = (ids.0.map_err(Error::internal)?, ids.1.map_err(Error::internal)?);
        let directory = self.directory(caller, "").await?;
        let kept = self.visible_file(caller, &directory, case_id, file_id).await?;
        let now = self.told_file(caller, &directory, &kept).await?;
        let mut told = AccountabilityFile { allowed_actions: now.allowed_actions, ..answered };
        self.texts_of_file(&kept, &mut told).await?;
        Ok(told)
    }

    async fn told_file(
        &self,
        caller: &Caller,
        directory: &Directory,
        kept: &Kept,
    ) -> Result<AccountabilityFile, Error> {
        let file: &File = &kept.file;
        let case_id = file.case_id();
        let conduct = store::conduct_of(self.pool(), &file.told.authority, case_id).await?;
        let persons = conduct.map(|conduct| conduct.persons).unwrap_or_default();
        let now = self.writer.clock().now();
        let actions = looking(caller, directory, |asker| file_actions(file, &persons, asker, now));
        let allowed_actions = actions.into_iter().map(i32::from).collect();
        Ok(AccountabilityFile { allowed_actions, ..file.told.clone() })
    }

    /// The organ concerned is told what was decided, and not why it was opened.
    async fn texts_of_file(&self, kept: &Kept, told: &mut AccountabilityFile) -> Result<(), Error> {
        let Kept { organ, file } = kept;
        let case_id = file.case_id();
        let (authority, concerned) = (&file.told.authority, &file.told.organ);
        if organ == authority {
            told.reason = self.words(authority, case_id, file.reason.as_ref()).await?;
        }
        told.conclusion = self.words(authority, case_id, file.conclusion.as_ref()).await?;
        for (statement, text) in told.statements.iter_mut().zip(&file.statements) {
            statement.text = self.words(concerned, case_id, Some(text)).await?;
        }
        Ok(())
    }
}
