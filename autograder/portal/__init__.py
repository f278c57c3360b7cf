"""Where students hand in, and see a second later what is wrong: `autograder serve`."""
