"""Double-entry books of the funds: immutable balanced journals, personal sub-accounts, holds, closed periods, seals."""
