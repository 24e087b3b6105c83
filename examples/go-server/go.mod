module rtbench-example-go-server

go 1.19
