from guanxi.people.table import Company, Device, Invitation, Membership, Person, SignInCode, Token

__all__ = ["Company", "Device", "Invitation", "Membership", "Person", "SignInCode", "Token"]
