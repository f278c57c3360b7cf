"""The servers that keep the students' repositories, GitHub and GitLab, asked through their HTTP interfaces."""
