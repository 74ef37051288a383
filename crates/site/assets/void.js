// Why a statement has no effect: the codes of docs/statements.md section 6.

/** A statement that has no effect, with its code. */
export class Void extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/** For want of signatures: the same text may come again with better ones. */
export const LACKS_SIGNATURES = new Set([
  "unknown_signer", "bad_signature", "no_authority", "too_few_signers", "no_such_body", "rival_body", "no_majority", "no_quorum",
]);
