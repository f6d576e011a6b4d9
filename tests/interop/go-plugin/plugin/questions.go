package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"optimus.example/interop/wire"
)

// questions does what the job's name says, and answers one question that holds the process id.
func questions(_ context.Context, request *wire.QuestionsRequest) (*wire.QuestionsResponse, error) {
	verb, argument, _ := strings.Cut(request.JobName, " ")
	prompt := strconv.Itoa(os.Getpid())
	switch verb {
	case "env":
		list, _ := json.Marshal(os.Environ())
		prompt = string(list)
	case "print":
		printLines(3000)
	case "log":
		logAtEveryLevel()
	case "error":
		return nil, errors.New("dataset not found")
	case "status":
		return nil, status.Error(codes.InvalidArgument, "bad date")
	case "panic":
		panicInHandler()
	case "exit":
		os.Exit(7)
	case "sleep":
		pause, _ := time.ParseDuration(argument)
		time.Sleep(pause)
	}
	question := &wire.Question{Name: "Table", Prompt: prompt, Help: fmt.Sprintf("dry run: %t", request.Options.DryRun)}
	return &wire.QuestionsResponse{Questions: []*wire.Question{question}}, nil
}

func printLines(count int) {
	for line := 0; line < count; line++ {
		fmt.Printf("%d %s\n", line, strings.Repeat("x", 100))
	}
}

func logAtEveryLevel() {
	logger.Trace("at trace", "job", "a")
	logger.Debug("at debug", "job", "a")
	logger.Info("at info", "job", "a", "error", errors.New("as text"))
	logger.Warn("at warn", "job", "a")
	logger.Error("at error", "job", "a")
}

func panicInHandler() {
	var absent *wire.Options
	fmt.Println(absent.DryRun)
}
