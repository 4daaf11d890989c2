"""Pages of organizations: one's own sign-in, administration of areas, offices and people, security."""
