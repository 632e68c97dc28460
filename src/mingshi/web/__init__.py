"""Pages and the API, one folder per audience, behind one guard."""
