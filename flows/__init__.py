"""What happens, in order. No loops over people, no clients; a chapter that needs a name gets one in tasks/."""
