"""The page of one match: verdicts, score, landed cost, the way, papers, and what all of it rests on."""
