//! `RequestLoan`, `DecideLoan`, `ListLoans` (18).

use access::Role;
use duban_proto::routing::v1::{
    DecideLoanRequest, DecideLoanResponse, ListLoansRequest, ListLoansResponse, Loan, LoanGround,
    LoanRefusal, LoanState, RequestLoanRequest, RequestLoanResponse,
};
use server::page::{PageToken, page_size};
use server::{Caller, Error, Violations};

use super::{Asked, answered, ids};
use crate::domain::Inquire;
use crate::grpc::Grpc;
use crate::grpc::investigation::check_officers;
use crate::store::{self, LoanKey};

/// Officers of one loan at the most.
const MOST_OFFICERS: u32 = 20;

impl Grpc {
    pub(in crate::grpc) async fn loan_requested(
        &self,
        caller: &Caller,
        mut request: RequestLoanRequest,
    ) -> Result<RequestLoanResponse, Error> {
        let mut check = Violations::default();
        let (request_id, case_id) = ids(&mut check, &request.request_id, &request.case_id);
        let ground = check.required_enum::<LoanGround>("ground", request.ground);
        let some = (1..=MOST_OFFICERS).contains(&request.wanted);
        check.must(some, "wanted", "应为 1 至 20", "must be 1 to 20");
        let one = !request.approver || request.wanted == 1;
        check.must(
            one,
            "wanted",
            "借用审批人员时应为 1",
            "must be 1 where somebody is to decide on the disposition",
        );
        let (request_id, case_id, ground) = check.finish_with((request_id, case_id, ground))?;
        let (organ, _) = self.own_organ(caller).await?;
        let (term, wanted, approves) = (request.term, request.wanted, request.approver);
        request.request_id.clear();
        let act = Inquire::RequestLoan { term, loan_id: self.new_id(), ground, wanted, approves };
        let asked = Asked { organ: &organ, request_id, case_id, message: &request };
        let answer = self.inquire(caller, asked, act).await?;
        let loan = answered(&answer).loan.ok_or_else(|| Error::internal("an answer without its loan"))?;
        let case = self.case_now(caller, &organ, answer.case).await?;
        Ok(RequestLoanResponse { loan_id: loan.loan_id, lender: loan.lender, case })
    }

    pub(in crate::grpc) async fn loan_decided(
        &self,
        caller: &Caller,
        mut request: DecideLoanRequest,
    ) -> Result<DecideLoanResponse, Error> {
        let mut check = Violations::default();
        let (request_id, case_id) = ids(&mut check, &request.request_id, &request.case_id);
        let loan_id = check.uuid("loan_id", &request.loan_id);
        let refusal = check.enum_value::<LoanRefusal>("refusal", request.refusal);
        check_officers(&mut check, "officers", &request.officers);
        let refused = request.refusal() != LoanRefusal::Unspecified;
        check.must(
            refused == request.officers.is_empty(),
            "refusal",
            "同意出借的写明人员,不同意的写明事由",
            "either officers are named or a ground of refusal is",
        );
        let (request_id, case_id, loan_id, refusal) =
            check.finish_with((request_id, case_id, loan_id, refusal))?;
        let (organ, _) = self.own_organ(caller).await?;
        let act = Inquire::DecideLoan { loan_id, officers: request.officers.clone(), refusal };
        request.request_id.clear();
        let asked = Asked { organ: &organ, request_id, case_id, message: &request };
        let answer = self.inquire(caller, asked, act).await?;
        Ok(DecideLoanResponse { loan: answered(&answer).loan })
    }

    pub(in crate::grpc) async fn loans(
        &self,
        caller: &Caller,
        request: ListLoansRequest,
    ) -> Result<ListLoansResponse, Error> {
        let ListLoansRequest { states, page_size: size, page_token } = request;
        let mut check = Violations::default();
        let mut wanted = Vec::new();
        for (index, state) in states.iter().enumerate() {
            wanted.extend(check.required_enum::<LoanState>(format!("states[{index}]"), *state));
        }
        check.finish()?;
        if wanted.is_empty() {
            wanted = vec![LoanState::Open, LoanState::Granted, LoanState::Refused];
        }
        let (organ, _) = self.own_organ(caller).await?;
        let filter: Vec<u8> = wanted.iter().flat_map(|state| i32::from(*state).to_be_bytes()).collect();
        let tokens = PageToken::of("ListLoans").filter(&organ).filter(filter);
        let after: Option<LoanKey> = tokens.decode(&page_token)?;
        let size = page_size(size);
        let loans = store::list_loans(self.pool(), &organ, &wanted, after, size).await?;
        let full = i64::try_from(loans.len()).is_ok_and(|count| count >= size);
        let next_page_token = match loans.last().filter(|_| full) {
            Some(last) => tokens.encode(&LoanKey::of(last))?,
            None => String::new(),
        };
        let sees_all = caller.has(Role::Leader) || caller.has(Role::Head);
        let names = |loan: &Loan| loan.officers.iter().any(|officer| officer == caller.subject());
        let loans = loans.into_iter().filter(|loan| sees_all || names(loan)).collect();
        Ok(ListLoansResponse { loans, next_page_token })
    }
}
