"""Groups of people: who may do what in one. A person takes part himself, not his company; nobody is in one without having said yes."""

MOST = 500  # people and open invitations of one group
MOST_AT_ONCE = 50  # invited by one call
INVITED_A_DAY = 200  # by one person
NAME, ANNOUNCEMENT = 40, 2000  # characters

OWNER, ADMIN, MEMBER = "owner", "admin", "member"
ROLES = (OWNER, ADMIN, MEMBER)
RANK = {OWNER: 2, ADMIN: 1, MEMBER: 0}
