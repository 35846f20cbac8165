from guanxi.people.exports.table import CompanyExport
from guanxi.people.factor.table import Authenticator, Passkey, RecoveryCode
from guanxi.people.operators.table import OperatorAct
from guanxi.people.standing.table import Appeal, Measure
from guanxi.people.table import Company, Device, Invitation, Membership, Person, SignInCode, Token
from guanxi.people.verification.table import Verification

__all__ = [
    "Appeal", "Authenticator", "Company", "CompanyExport", "Device", "Invitation", "Measure", "Membership", "OperatorAct", "Passkey", "Person", "RecoveryCode",
    "SignInCode", "Token", "Verification",
]  # fmt: skip
