"""The dossier: the whole case in one numbered folder, without any member's value, that a stranger can verify."""
