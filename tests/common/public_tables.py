"""Tables without personal data, each with the reason. Every other table must be scoped (see test_scoping.py)."""

PUBLIC = {
    # common
    "common.DatabaseMark": "one row that says what kind of database this is",
    "common.ActKey": "form keys with a keyed digest of what was sent; numbers of users and rows, nothing of their content",
    "common.OutboxMessage": "task names and ids",
    "common.Progress": "how far a job is; its message is written without personal data",
    # journal
    "journal.Block": "digests",
    # archives, cases
    "archives.PaperSeries": "running numbers",
    "cases.CaseSeries": "running numbers",
    # policies
    "policies.PolicyDocument": "published documents",
    "policies.PolicyDocument_named_by": "which document names which",
    "policies.PackBinding": "which rules a district follows",
    "policies.ParameterRow": "values of published documents and of local choices",
    "policies.LocalChoice": "choices of a district, with the official who recorded them",
    "policies.WorkingDay": "the calendar",
    # organizations: officials in office, as every letterhead names them
    "organizations.Area": "divisions of the country",
    "organizations.Office": "public bodies",
    "organizations.AreaUserPermission": "powers of posts",
    "organizations.User": "officials: user name, name, state of the account; no identity number, no telephone",
    "organizations.Appointment": "posts of officials",
    "organizations.Responsibility": "who answers for an office, published by the documents themselves",
    "organizations.Delegation": "which streets confirm",
    "organizations.Office_areas": "which areas an office covers",
    "organizations.SecondFactorUse": "which one-time codes of officials were used",
    # Django and packages
    "auth.Permission": "names of permissions",
    "auth.Group": "unused table of Django",
    "auth.Group_permissions": "unused table of Django",
    "organizations.User_groups": "unused table of Django",
    "organizations.User_user_permissions": "unused table of Django",
    "contenttypes.ContentType": "names of models",
    "sessions.Session": "numbers of user and post; nothing typed is kept in a session",
    "guardian.GroupObjectPermission": "unused table of guardian",
    "guardian.UserObjectPermission": "unused table of guardian; powers stand in organizations.AreaUserPermission",
    "axes.AccessAttempt": "sign-in attempts of officials",
    "axes.AccessAttemptExpiration": "sign-in attempts of officials",
    "axes.AccessFailureLog": "sign-in attempts of officials",
    "axes.AccessLog": "sign-ins of officials",
    "account.EmailAddress": "unused table of allauth",
    "account.EmailConfirmation": "unused table of allauth",
    "mfa.Authenticator": "second factors of officials; secrets are ciphertext",
}
