"""置业顾问: own clients, look-up with a reason, deals."""
