package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/grpc/status"

	"optimus.example/interop/wire"
)

// stub is the host's end of a plugin.
type stub struct {
	plugin.NetRPCUnsupportedPlugin
	names      wire.Names
	connection *grpc.ClientConn
}

func (s *stub) GRPCServer(*plugin.GRPCBroker, *grpc.Server) error { return nil }

func (s *stub) GRPCClient(_ context.Context, _ *plugin.GRPCBroker, connection *grpc.ClientConn) (interface{}, error) {
	return &stub{names: s.names, connection: connection}, nil
}

var options = &wire.Options{}

// call makes one call: a verb and its argument. What it reads unchecked, the Go server of Optimus read unchecked.
func (s *stub) call(text string) (interface{}, error) {
	verb, argument, _ := strings.Cut(text, " ")
	switch verb {
	case "info":
		response := &wire.InfoResponse{}
		return response, s.invoke(s.names.Base, "PluginInfo", &wire.Empty{}, response)
	case "questions":
		return s.questions(argument)
	case "flood":
		return s.flood(200)
	case "validate":
		response := &wire.ValidateResponse{}
		request := &wire.ValidateRequest{Answer: toAnswer(argument), Options: options}
		return response, s.invoke(s.names.CLI, "ValidateQuestion", request, response)
	case "config", "assets":
		method := map[string]string{"config": "DefaultConfig", "assets": "DefaultAssets"}[verb]
		return s.entries(method, &wire.AnswersRequest{Answers: []*wire.Answer{toAnswer(argument)}, Options: options})
	case "compile":
		return s.compile(argument)
	case "destination":
		response := &wire.DestinationResponse{}
		return response, s.invoke(s.names.Resolver, "GenerateDestination", resolveRequest(argument), response)
	case "dependencies":
		response := &wire.DependenciesResponse{}
		return response, s.invoke(s.names.Resolver, "GenerateDependencies", resolveRequest(argument), response)
	}
	return nil, fmt.Errorf("no call is named %q", verb)
}

func (s *stub) invoke(service, method string, request, response interface{}) error {
	return s.connection.Invoke(context.Background(), "/"+service+"/"+method, request, response)
}

func (s *stub) questions(job string) (interface{}, error) {
	response := &wire.QuestionsResponse{}
	err := s.invoke(s.names.CLI, "GetQuestions", &wire.QuestionsRequest{JobName: job, Options: options}, response)
	return response.Questions, err
}

// flood makes many calls at once and counts those that got the answer they wanted.
func (s *stub) flood(count int) (int, error) {
	var group sync.WaitGroup
	var mutex sync.Mutex
	answered := 0
	for number := 0; number < count; number++ {
		group.Add(1)
		go func(job string) {
			defer group.Done()
			response := &wire.QuestionsResponse{}
			err := s.invoke(s.names.CLI, "GetQuestions", &wire.QuestionsRequest{JobName: job, Options: options}, response)
			mutex.Lock()
			defer mutex.Unlock()
			if err == nil && response.Questions[0].Prompt == job {
				answered++
			}
		}("job " + strconv.Itoa(number))
	}
	group.Wait()
	return answered, nil
}

func (s *stub) entries(method string, request interface{}) (interface{}, error) {
	response := &wire.EntriesResponse{}
	if err := s.invoke(s.names.CLI, method, request, response); err != nil {
		return nil, err
	}
	return response.Entries.List, nil
}

// compile sends an asset of the given size and answers the size of what came back.
func (s *stub) compile(size string) (interface{}, error) {
	bytes, _ := strconv.Atoi(size)
	asset := &wire.Named{Name: "big", Value: strings.Repeat("x", bytes)}
	request := &wire.CompileRequest{
		Configs: &wire.Entries{}, Assets: &wire.Entries{List: []*wire.Named{asset}}, Window: &wire.Window{}, Options: options,
	}
	response := &wire.EntriesResponse{}
	if err := s.invoke(s.names.CLI, "CompileAssets", request, response); err != nil {
		return nil, err
	}
	length := 0
	for _, entry := range response.Entries.List {
		length += len(entry.Value)
	}
	return length, nil
}

func toAnswer(text string) *wire.Answer {
	name, value, _ := strings.Cut(text, "=")
	return &wire.Answer{Question: &wire.Question{Name: name}, Value: value}
}

func resolveRequest(table string) *wire.ResolveRequest {
	config := &wire.Entries{List: []*wire.Named{{Name: "TABLE", Value: table}}}
	return &wire.ResolveRequest{Config: config, Assets: &wire.Entries{}, Project: &wire.Project{Name: "space"}, Options: options}
}

func describe(err error) (text, code string) {
	if found, ok := status.FromError(err); ok {
		return found.Message(), found.Code().String()
	}
	return err.Error(), ""
}
