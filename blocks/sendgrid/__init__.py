"""SendGrid's v3 mail/send: the request, the vendor's SDK, what its answers mean, and the mailer made of them."""
